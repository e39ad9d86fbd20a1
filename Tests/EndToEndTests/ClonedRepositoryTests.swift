import Disk
import JSON
import Primitives
import TestSupport
import Testing

/// Repositories that are named by an address.
@Suite struct ClonedRepositoryTests {
  let cairn: CairnProgram
  let origin: TestRepository
  private var address: String { "file://\(origin.root)" }

  init() throws {
    cairn = try CairnProgram()
    origin = try TestRepository()
    try origin.write("src/retry.py", "def retry_with_backoff():\n    return 1\n")
    try origin.commit("one")
    try origin.write("src/other.py", "def other_thing():\n    return 2\n")
    try origin.commit("two")
  }

  private func root() throws -> FilePath {
    let line = try #require(try cairn.run("list", "--json").outputLines.first)
    return FilePath(try #require(try JSONValue(parsing: Array(line.utf8))["root"]?.string))
  }

  @Test func `a repository is cloned without its past, searched, updated and removed`() throws {
    let added = try cairn.run("add", address, "--as", "origin")
    #expect(added.code == 0 && added.errorText.contains("cloning file://"), "\(added.errorText)")
    let clone = try root()
    #expect(clone.description.hasPrefix(cairn.home.root.appending(".cache/cairn/repositories/").description))
    #expect(try cairn.shell("git -C '\(clone)' rev-list --count HEAD").outputLines == ["1"])
    #expect(
      try cairn.run("search", "--repo", "origin", "-n1", "retry_with_backoff").outputText
        .hasPrefix("origin:src/retry.py:1"))
    try origin.write("src/third.py", "def third_thing():\n    return 3\n")
    try origin.commit("three")
    let updated = try cairn.run("update", "origin")
    #expect(updated.code == 0, "\(updated.errorText)")
    let found = try cairn.run("search", "--all", "-n1", "third_thing")
    #expect(found.outputText.hasPrefix("origin:src/third.py:1"), "\(found.outputText)")
    // Adding it again is the same.
    #expect(try cairn.run("add", address, "--group", "g", "-q").code == 0)
    #expect(try cairn.run("list", "--json").outputLines.count == 1)
    // What was changed by hand is not undone.
    let changed = try cairn.shell("echo 'def mine(): pass' >> '\(clone)/src/retry.py'; $CAIRN update origin")
    #expect(changed.code == 2 && changed.errorText.contains("changed by hand"), "\(changed.errorText)")
    let removed = try cairn.run("remove", "origin", "--clone")
    #expect(removed.code == 0 && !fileExists(clone), "\(removed.outputText)\(removed.errorText)")
    #expect(try cairn.run("list").code == 1)
  }

  @Test func `nothing that a repository brings is run, and no submodule is fetched`() throws {
    try origin.shell(
      """
      mkdir -p hooks && printf '#!/bin/sh\\ntouch "%s/ran"\\n' '\(cairn.home.root)' > .git/hooks/post-checkout
      chmod +x .git/hooks/post-checkout
      printf '*.py filter=evil\\n' > .gitattributes
      git config filter.evil.smudge 'touch "\(cairn.home.root)/ran"; cat'
      git config uploadpack.packObjectsHook 'touch "\(cairn.home.root)/ran"; git pack-objects'
      printf '[submodule "m"]\\n\\tpath = m\\n\\turl = ext::sh -c touch%% \(cairn.home.root)/ran\\n' > .gitmodules
      git -c user.name=a -c user.email=a@example.org -c filter.evil.smudge=cat add -A
      git -c user.name=a -c user.email=a@example.org commit -qm hostile
      """)
    // What the user's own settings say is not obeyed either: filters of theirs would run on what a stranger wrote.
    _ = try cairn.shell(
      "git config --global filter.evil.smudge 'touch \"\(cairn.home.root)/ran\"; cat' && "
        + "git config --global core.hooksPath '\(origin.root)/.git/hooks'")
    let added = try cairn.run("add", address, "--as", "hostile", "-q")
    #expect(added.code == 0, "\(added.errorText)")
    #expect(!fileExists(cairn.home.root.appending("ran")))
    #expect(try cairn.run("update", "hostile", "-q").code == 0)
    #expect(!fileExists(cairn.home.root.appending("ran")))
  }

  @Test func `what is no repository leaves nothing behind`() throws {
    for bad in ["file:///nowhere/at/all", "file://\(cairn.home.root)"] {
      let result = try cairn.run("add", bad)
      #expect(result.code == 2 && result.errorText.contains("git could not clone"), "\(result.errorText)")
    }
    let left = try cairn.shell("ls '\(cairn.home.root)/.cache/cairn/repositories' 2>/dev/null | grep -v '^lock$'")
    #expect(left.outputLines.isEmpty, "\(left.outputText)")
    #expect(try cairn.run("list").code == 1)
    for bad in ["ext::sh -c touch% x", "https://user:hidden@example.org/a", "http://example.org/a"] {
      let result = try cairn.run("add", bad)
      #expect(result.code == 2 && !result.errorText.contains("hidden"), "\(result.errorText)")
    }
  }

  @Test func `a clone that was deleted is cloned again by an update`() throws {
    #expect(try cairn.run("add", address, "--as", "origin", "-q").code == 0)
    let clone = try root()
    removeTree(clone)
    let gone = try cairn.run("search", "--repo", "origin", "retry")
    #expect(gone.code == 2 && gone.errorText.contains("cairn update origin"), "\(gone.errorText)")
    #expect(try cairn.run("update", "origin", "-q").code == 0)
    #expect(try cairn.run("search", "--repo", "origin", "-l", "retry_with_backoff").code == 0)
  }
}
