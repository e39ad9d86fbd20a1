import Corpus
import Disk
import Primitives
import TestSupport
import Testing

/// `GitHead` beside `git rev-parse HEAD`.
@Suite struct GitHeadTests {
  let repository: TestRepository

  init() throws {
    repository = try TestRepository()
    try repository.write("deep/a.c", "int a;\n")
    try repository.commit("First")
  }

  private func check(_ what: String, _ root: FilePath? = nil) throws {
    let root = root ?? repository.root
    let wanted = try repository.git("rev-parse", "HEAD", in: root)
    #expect(GitHead.commit(around: root)?.description == wanted, "\(what)")
  }

  @Test func `it is what git says, however the repository keeps it`() throws {
    try check("a branch")
    try check("from a directory below", repository.root.appending("deep"))
    try repository.git("checkout", "-q", "--detach")
    try check("no branch")
    try repository.git("checkout", "-q", "-b", "feature/one")
    try repository.commit("Second")
    try repository.git("branch", "feature/one-and-more", "HEAD~1")
    try repository.git("pack-refs", "--all")
    #expect(!fileExists(repository.root.appending(".git/refs/heads/feature/one")))
    try check("packed")
    try repository.commit("Third")
    try check("newer than what is packed")
    try repository.git("symbolic-ref", "refs/heads/other", "refs/heads/feature/one")
    try repository.git("symbolic-ref", "HEAD", "refs/heads/other")
    try check("a reference to a reference")
    let worktree = repository.home.root.appending("worktree")
    try repository.git("worktree", "add", "-q", "-b", "beside", worktree.description, "HEAD~1")
    try check("a work tree", try resolvedPath(worktree))
  }

  @Test(arguments: [
    "git checkout -q --orphan new", "echo garbage > .git/HEAD", "echo 'ref: ../../secret' > .git/HEAD",
    "echo 'ref: refs/heads/../../secret' > .git/HEAD", ": > .git/HEAD", "rm .git/HEAD; mkfifo .git/HEAD",
    "echo 'ref: refs/heads/a' > .git/HEAD; echo 'ref: refs/heads/a' > .git/refs/heads/a", "rm -r .git",
    "git pack-refs --all; printf 'refs/heads/main' > .git/packed-refs",
  ]) func `what says nothing gives nothing`(deed: String) throws {
    try repository.shell("printf '%s' 0123456789012345678901234567890123456789 > .git/secret; \(deed)")
    #expect(GitHead.commit(around: repository.root) == nil)
  }
}
