import Disk
import ForeignConfiguration
import Primitives
import QueryLanguage
import Settings

extension InputTarget {
  /// `cairn.toml` of a project. Where it is read, a setting can be written into it, and all else stays.
  static let settings = InputTarget("settings", byteLimit: 4096) { input in
    let scratch = SettingsFiles.scratch
    scratch.write(SettingValues.fileName, input)
    let file = scratch.path.appending(SettingValues.fileName)
    _ = try? SettingValues.load(root: scratch.path, environment: EnvironmentVariables([:]))
    guard let before = try? TomlDocument.nodes(of: file),
      (try? SettingFile.project(at: scratch.path).set([.limit: .integer(7)])) != nil
    else { return }
    do throws(Failure) {
      let after = try TomlDocument.nodes(of: file)
      func others(_ nodes: [TomlDocument.Node]) -> [String] {
        nodes.filter { $0.key != Setting.limit.key }.map { "\($0.key)=\($0)" }
      }
      expect(others(before) == others(after), "a setting that was written changed others")
      expect(after.contains { $0.key == Setting.limit.key && $0.text == "7" }, "a setting was written and is not there")
    } catch { expect(false, "a file with a setting that was written cannot be read: \(error)") }
  }

  /// The configuration of another program: a byte that says whether it is YAML, and the file.
  static let foreignConfiguration = InputTarget("foreign-configuration", byteLimit: 4096) { input in
    guard input.count > 0 else { return }
    let name: FilePath = input[0] & 1 == 0 ? "foreign.yaml" : "foreign.toml"
    let file = SettingsFiles.scratch.write(name, input.extracting(1...))
    guard let imported = try? ConfigurationImport(of: file) else { return }
    for text in [imported.toml, imported.personalToml] {
      let written = SettingsFiles.scratch.write("imported.toml", Array(text.utf8).span)
      expect((try? TomlDocument.nodes(of: written)) != nil, "what was imported cannot be read: \(text)")
    }
  }

  /// A query. Its filters are applied to some paths.
  static let query = InputTarget("query", byteLimit: 4096) { input in
    let text = String(decoding: input.array, as: UTF8.self)
    let parser = QueryParser()
    var query = SearchQuery(text: text)
    query.origin = PathOrigin(roots: ["/home/me/project"], directory: "src/lib")
    let parsed = parser.parse(query)
    expect(parsed.terms.count <= QueryParser.maximumTermCount, "\(parsed.terms.count) terms")
    expect(parser.parse(query) == parsed, "a query is read in two ways")
    let placed = parser.parse(query) { $0.line > 1 }
    for glob in parsed.filters.paths + parsed.filters.extensions + placed.filters.excludedPaths {
      for path in ["src/lib/a.c", "README.md", "a/b/c/d/e/f.swift"] { _ = glob.matches(FilePath(path)) }
    }
    _ = (parsed.sought, parsed.cutTerms, parsed.embeddedText, parsed.contentTerms, parsed.filters.written)
  }
}

private enum SettingsFiles {
  static let scratch = ScratchDirectory("settings")
}
