import Disk
import Primitives

/// Reads the files that decide which others belong to a tree: ignore files, and git's own. One that is there and cannot
/// be read is an error, since what it would leave out is not known. What it names comes from the tree's authors, so
/// that only regular files are opened (not a device, not a pipe that nobody writes to), and none beyond a limit.
enum DecidingFile {
  /// The content of the file at `path`; nil if there is none, or something else than a regular file, such as the
  /// `/dev/null` that people name to have no settings.
  ///
  /// - Parameter isElsewhere: the file belongs to no repository, but to the user or the machine. In a directory that
  ///   this user may not enter, somebody else's home as a rule, it counts as missing, as it does for git.
  static func read(
    _ path: FilePath, limit: Int, isElsewhere: Bool = false, followsLinks: Bool = true
  ) throws(Failure) -> [UInt8]? {
    do throws(Failure) {
      do throws(Failure) {
        guard try FileStatus(of: path, followsLinks: followsLinks).kind == .file else { return nil }
      } catch {
        if isElsewhere, error.code == .permissionDenied { return nil }
        throw error
      }
      return try readFile(path, limit: limit).bytes
    } catch {
      // Another thing may have taken its place since its status was read.
      if error.code == .notFound { return nil }
      throw undecided(error, path)
    }
  }

  /// The content of the file `name` in `directory`, whose path is `path`; nil if there is none or it is not a regular
  /// file. A symbolic link is none: git does not follow one either.
  static func read(
    _ name: FilePath, in directory: OpenDirectory, path: FilePath, limit: Int
  ) throws(Failure) -> [UInt8]? {
    do throws(Failure) {
      guard try directory.status(of: name).kind == .file else { return nil }
      return try directory.readFile(name, limit: limit).bytes
    } catch {
      if error.code == .notFound { return nil }
      throw undecided(error, path)
    }
  }

  /// The same for one that may be large: a map takes no memory of the process' own. `checkWhole` is called when it was
  /// read. Something else in its place, which git would not read either, is an error.
  static func map(_ path: FilePath, limit: Int) throws(Failure) -> MappedFile? {
    do throws(Failure) {
      guard try FileStatus(of: path, followsLinks: true).kind == .file else {
        throw Failure(.notRegular, "it is no regular file, and git cannot read it either", path: path)
      }
      let file = try MappedFile(path)
      if file.byteCount > limit {
        throw Failure(.tooLarge, "it has \(file.byteCount) bytes, more than the limit of \(limit)", path: path)
      }
      return file
    } catch {
      if error.code == .notFound { return nil }
      throw undecided(error, path)
    }
  }

  /// Throws where zeros may have been read in place of the file's end.
  static func checkWhole(_ file: MappedFile) throws(Failure) {
    do throws(Failure) { try file.checkWhole() } catch { throw undecided(error, file.path) }
  }

  /// Says of `failure` what it means for the tree.
  static func undecided(_ failure: Failure, _ path: FilePath) -> Failure {
    Failure(
      failure.code, "it decides which files belong to the tree: " + failure.message, path: path, cause: failure.cause,
      remedy: failure.remedy)
  }
}
