import Corpus
import Disk
import Glibc
import Primitives
import TestSupport
import Testing

/// Repositories whose settings would have git run a program, fetch, or read what it must not.
@Suite struct HostileGitTests {
  private let never = Cancellation()

  /// Everything that is done with a repository.
  private func readAll(_ repository: TestRepository, _ revision: String = "HEAD") throws(Failure) {
    let command = try GitCommand(root: repository.root, environment: repository.variables)
    let tree = try command.resolve(Array(revision.utf8), cancellation: never).tree
    let objects = GitObjects(command)
    var ids: [GitObjectID] = []
    try command.forEachEntry(of: tree, cancellation: never) { entry in
      if entry.kind != .repository { ids.append(entry.id) }
    }
    for id in ids { _ = try objects.readBlob(id, limit: 1 << 20) }
    _ = try command.output(of: .listRevisions, ["--all", "--objects"], cancellation: never)
    _ = try command.output(of: .compareTrees, ["-r", "-p", "--root", "HEAD"], cancellation: never)
  }

  @Test func `no program that a repository names is run`() throws {
    let repository = try TestRepository()
    let canary = repository.home.root.appending("ran")
    try repository.write("a.txt", "one\n")
    try repository.write(".gitattributes", "* filter=x diff=x merge=x\n")
    try repository.commit()
    let run = "touch \(canary)"
    try repository.shell(
      """
      for key in core.fsmonitor core.pager core.editor core.sshCommand core.askPass core.gitProxy \
        core.alternateRefsCommand diff.external diff.x.textconv diff.x.command filter.x.clean filter.x.smudge \
        filter.x.process merge.x.driver sequence.editor gpg.program gpg.ssh.program credential.helper \
        uploadpack.packObjectsHook alias.ls-tree alias.rev-parse alias.cat-file pager.ls-tree pager.rev-parse \
        pager.cat-file pager.rev-list pager.diff-tree core.hooksPath trace2.eventTarget trace2.normalTarget; do
        git config $key "\(run)"; done
      git config log.showSignature true; git config core.fsmonitorHookVersion 1
      git config pager.rev-list true; git config core.hooksPath hooks; git config core.useBuiltinFSMonitor true
      mkdir -p hooks
      for hook in post-index-change fsmonitor-watchman pre-commit post-checkout reference-transaction; do
        printf '#!/bin/sh\\n\(run)\\n' | tee hooks/$hook > .git/hooks/$hook; chmod +x hooks/$hook .git/hooks/$hook
      done
      printf '#!/bin/sh\\n\(run)\\n' | tee git git-rev-parse git-cat-file less cat pager > /dev/null; chmod +x git* less cat pager
      """)
    try readAll(repository)
    #expect(!fileExists(canary))
  }

  /// Objects are missing, and the settings name a program that would bring them.
  @Test(arguments: [
    "git config remote.x.url 'ext::sh -c touch% CANARY'; git config protocol.ext.allow always",
    "git config remote.x.url ssh://host/x; git config core.sshCommand 'touch CANARY'; git config protocol.ssh.allow always",
    "git config remote.x.url /tmp; git config remote.x.uploadpack 'touch CANARY'; git config protocol.file.allow always",
    "git config remote.x.url evil; git config remote.x.vcs evil; git config protocol.allow always",
    "git config remote.x.url http://127.0.0.1:1/x; git config credential.helper '!touch CANARY'",
  ]) func `what a partial clone lacks is not fetched`(settings: String) throws {
    let repository = try TestRepository()
    let canary = repository.home.root.appending("ran")
    try repository.write("a.txt", "one\n")
    try repository.commit()
    let blob = try repository.git("rev-parse", "HEAD:a.txt")
    try repository.write("git-remote-evil", "#!/bin/sh\ntouch \(canary)\n")
    try repository.shell(
      """
      chmod +x git-remote-evil
      rm -f .git/objects/\(blob.prefix(2))/\(blob.dropFirst(2))
      git config core.repositoryFormatVersion 1; git config extensions.partialClone x; git config remote.x.promisor true
      \(settings.replacing("CANARY", with: canary.description))
      """)
    let found = failure { () throws(Failure) in try readAll(repository) }
    #expect(found?.code == .gitFailed || found?.code == .notFound, "\(String(describing: found))")
    #expect(!fileExists(canary))
  }

  @Test func `nothing in the repository is written`() throws {
    let repository = try TestRepository()
    try repository.write("a.txt", "one\n")
    try repository.commit()
    let before = TreeRecord(repository.root)
    try readAll(repository)
    #expect(before.differences(to: TreeRecord(repository.root)) == [])
  }

  @Test func `another object in the place of one is not believed`() throws {
    let repository = try TestRepository()
    try repository.write("a.txt", "one\n")
    try repository.commit()
    try repository.write("b.txt", "two\n")
    let (one, two) = (
      try repository.git("rev-parse", "HEAD:a.txt"), try repository.git("hash-object", "-w", "b.txt")
    )
    try repository.git("replace", one, two)
    let command = try GitCommand(root: repository.root, environment: repository.variables)
    let id = try #require(GitObjectID(hex: Array(one.utf8)))
    #expect(try GitObjects(command).readBlob(id, limit: 100) == Array("one\n".utf8))
  }

  @Test func `what would hold git up is given up, and a broken repository is a clear failure`() throws {
    for deed in [
      "rm .git/HEAD; echo nonsense > .git/HEAD", "rm -r .git/objects; mkdir .git/objects",
      "echo '[core' > .git/config", "git config core.repositoryFormatVersion 99",
      "git config core.repositoryFormatVersion 1; git config extensions.unheardOf true",
      "printf 'gitdir: /nowhere' > x; rm -r .git; mv x .git", "git config core.worktree /nowhere/at/all",
    ] {
      let repository = try TestRepository()
      try repository.write("a.txt", "one\n")
      try repository.commit()
      try repository.shell(deed)
      guard let found = failure({ () throws(Failure) in try readAll(repository) }) else {
        // git can do without a work tree.
        #expect(deed.contains("worktree"), "\(deed)")
        continue
      }
      let expected: [Failure.Code] = [.gitFailed, .noRepository, .unknownRevision]
      #expect(expected.contains(found.code), "\(deed): \(found)")
    }
  }

  @Test(.enabled(if: geteuid() == 0)) func `a repository of another user is refused with what to do about it`() throws {
    let repository = try TestRepository()
    try repository.write("a.txt", "one\n")
    try repository.commit()
    try repository.shell("chown -R 12345 .")
    let found = try #require(failure { () throws(Failure) in try readAll(repository) })
    #expect(found.code == .untrustedRepository && found.message.contains("safe.directory"))
    // A repository cannot say so of itself; the user can.
    try repository.shell("printf '[safe]\\n\\tdirectory = *\\n' >> .git/config")
    #expect(failure { () throws(Failure) in try readAll(repository) }?.code == .untrustedRepository)
    try repository.home.write(".gitconfig", "[safe]\n\tdirectory = \(repository.root)\n")
    try readAll(repository)
  }

  @Test func `a repository above does not take the place of one that git cannot read`() throws {
    let repository = try TestRepository()
    try repository.write("inner/a.txt", "one\n")
    try repository.commit()
    // By our own rule a repository, by git's none.
    try repository.shell("mkdir -p inner/.git/objects inner/.git/refs; echo nonsense > inner/.git/HEAD")
    let found = failure { () throws(Failure) in
      try GitCommand(root: repository.root.appending("inner"), environment: repository.variables)
    }
    #expect(found?.code == .gitFailed, "\(String(describing: found))")
  }
}
