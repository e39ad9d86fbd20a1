import Disk
import IndexStorage
import Primitives
import Settings

extension IndexPlacement {
  /// What the settings and the environment say of the index of `root`.
  init(root: FilePath, _ settings: SettingValues, _ environment: EnvironmentVariables) {
    self.init(root: root)
    directory = settings.path(.indexDirectory)
    isProjects = Self.isProjects(settings[.indexDirectory].origin)
    trusted = Self.trusted(settings.text(.trustedDirectories), home: environment.home)
    stateDirectory = environment.stateDirectory
    cacheDirectory = environment.cacheDirectory
    wholeByteCount = settings.integer(.memoryMappingThresholdMegabytes) << 20
    userFile = SettingValues.userFileText(in: environment)
  }

  /// By the name alone, which the user's own file does not have: what a project says is never taken for what the user
  /// said, by whatever path its file was found.
  private static func isProjects(_ origin: Setting.Origin) -> Bool {
    guard case .file(let file, _) = origin else { return false }
    return file.lastComponent == SettingValues.fileName
  }

  /// Directories with `:` between them. What is neither absolute nor begins with `~/` names none.
  private static func trusted(_ directories: String, home: FilePath?) -> [FilePath] {
    directories.utf8.split(separator: UInt8(ascii: ":")).compactMap { part in
      let path = FilePath(bytes: Array(part))
      if path.bytes.starts(with: "~/".utf8), let home {
        return home.appending(FilePath(bytes: Array(path.bytes.dropFirst(2))))
      }
      return path.isAbsolute ? (try? resolvedPrefix(of: path)) ?? path : nil
    }
  }
}
