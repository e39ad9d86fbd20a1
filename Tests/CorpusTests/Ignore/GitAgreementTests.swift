import Corpus
import Disk
import Foundation
import Inspection
import Primitives
import TestSupport
import Testing

/// The walk against the real git, tree by tree.
@Suite struct GitAgreementTests {
  @Test func `the files are those that git lists, on five hundred random trees`() throws {
    let tree = try TemporaryTree()
    var repositories: [RandomRepository] = []
    for seed in 0..<500 as Range<UInt64> {
      repositories.append(try RandomRepository(seed: seed, at: tree.root.appending("\(seed)")))
    }
    try askGit(repositories)
    var options = WalkOptions()
    options.includesHidden = true
    options.includesVendored = true
    options.maximumFileByteCount = .max
    var comparedCount = 0
    var fileCount = 0
    for (seed, repository) in repositories.enumerated() {
      if fileExists(repository.place.appending("ignored")) { continue }
      let answer = try Disk.readFile(repository.place.appending("answer")).bytes
      let expected = Set(answer.split(separator: 0).map { FilePath(bytes: Array($0)) }).filter {
        (try? FileStatus(of: repository.root.appending($0), followsLinks: false))?.kind == .file
      }
      options.threadCount = 1 + seed % 3
      let environment = GitEnvironment(
        home: repository.place.appending("home"), configHome: repository.place.appending("xdg"))
      let listing = try CorpusWalker(root: repository.root, options: options, environment: environment).list()
      let found = Set(listing.files.map(\.path))
      #expect(found.count == listing.files.count)
      let missing = expected.subtracting(found).sorted()
      let extra = found.subtracting(expected).sorted()
      #expect(missing.isEmpty && extra.isEmpty, "seed \(seed): missing \(missing), extra \(extra)")
      comparedCount += 1
      fileCount += expected.count
    }
    // The generator must not drift into trees that prove nothing.
    #expect(comparedCount > 400 && fileCount > 2_000)
  }

  /// Has git list every tree, in two processes with a private home each.
  private func askGit(_ repositories: [RandomRepository]) throws {
    let processes = try (0..<2).map { half in
      var script = "set -e\nunset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE; export GIT_CONFIG_NOSYSTEM=1\n"
      for (i, repository) in repositories.enumerated() where i % 2 == half {
        let place = repository.place.description
        try write(repository.tracked, to: repository.place.appending("tracked"))
        try write(repository.deleted, to: repository.place.appending("deleted"))
        script += """
          export HOME=\(place)/home XDG_CONFIG_HOME=\(place)/xdg
          cd \(place)/top

          """
        if !repository.tracked.isEmpty {
          let split = repository.splitsIndex ? "--split-index" : ""
          script += """
            git update-index --add -z --stdin < ../tracked
            git update-index --index-version \(repository.indexVersion) \(split)

            """
          if !repository.splitsIndex {
            script += "xargs -0 rm -f -- < ../deleted\n"
          } else {
            // Changes on top of the shared part: an entry that goes, though its file stays, and one that comes.
            script += "xargs -0 -r git update-index --force-remove -- < ../deleted\n"
            script += "[ -f late ] || { echo > late; git update-index --add late; }\n"
          }
        }
        if let inner = repository.root.relative(to: repository.top) {
          try write([inner], to: repository.place.appending("inner"))
          try Data(inner.bytes).write(to: URL(fileURLWithPath: "\(place)/inner-name"))
          script += """
            if git check-ignore --no-index -q -z --stdin < ../inner; then touch ../ignored; fi
            cd "./$(cat ../inner-name)"

            """
        }
        script += "git ls-files -z --cached --others --exclude-standard > \(place)/answer\n"
      }
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      let path = repositories[0].place.parent.appending("script-\(half)").description
      try script.write(toFile: path, atomically: false, encoding: .utf8)
      process.arguments = [path]
      try process.run()
      return process
    }
    for process in processes {
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
  }

  private func write(_ paths: [FilePath], to file: FilePath) throws {
    var data = Data()
    for path in paths { data.append(contentsOf: path.bytes + [0]) }
    try data.write(to: URL(fileURLWithPath: file.description))
  }
}
