import TestSupport
import Testing

/// What a repository can put into its objects and its settings to have `--at` run, hang, write or lead outside.
@Suite struct HostileRevisionTests {
  private static let landmark = ["search", "--color", "never", "-n", "5", "--at", "HEAD", "canary_landmark"]
  private static let commands: [[String]] = [
    landmark, ["status"], ["related", "--at", "HEAD", "src/known.py:1"], ["index", "--at", "HEAD", "--rebuild"],
    ["search", "--json", "--at", "HEAD", "canary_landmark"], ["search", "--at", "side", "canary_landmark"], ["verify"],
    ["remove", "--at", "HEAD"],
  ]
  private static let commit = """
    git init -q -b main .; git add -A
    git -c user.name=A -c user.email=a@example.org commit -q -m first; git branch side

    """
  /// Makes a commit of a tree that `git mktree` writes from what it is given.
  private static let commitTree = """
    T=$(git mktree --missing < entries); rm entries
    git update-ref HEAD $(git -c user.name=A -c user.email=a@example.org commit-tree -m forged $T)

    """

  static let cases: [HostileCase] = [
    HostileCase(
      "programs in every setting of git", commit + HostileProjectTests.programs + "\nrm -f $CANARY/ran"),
    HostileCase(
      "a filter and a driver for every file",
      "printf '* filter=x diff=x merge=x text eol=crlf\\n' > .gitattributes\n" + commit
        + "printf '* working-tree-encoding=UTF-16\\n' > .git/info/attributes\n"
        + "for k in filter.x.clean filter.x.smudge filter.x.process diff.x.textconv diff.x.command; do "
        + "git config $k 'touch $CANARY/ran'; done"),
    HostileCase(
      "git in the tree",
      "for p in git cat less sh env; do printf '#!/bin/sh\\ntouch %s/ran\\n' $CANARY > $p; done; "
        + "chmod +x git cat less sh env\n" + commit),
    HostileCase(
      "a promise to fetch what is missing", duty: .mayRefuse,
      commit + """
        B=$(git rev-parse HEAD:notes.md); rm -f .git/objects/$(echo $B | cut -c1-2)/$(echo $B | cut -c3-)
        git config core.repositoryFormatVersion 1; git config extensions.partialClone x
        git config remote.x.promisor true; git config remote.x.url "ext::sh -c touch% $CANARY/ran"
        git config protocol.ext.allow always; git config protocol.allow always
        """),
    HostileCase(
      "objects from outside", commit + "mkdir -p .git/objects/info; echo $CANARY > .git/objects/info/alternates"),
    HostileCase(
      "another object in the place of one",
      commit + "git replace $(git rev-parse HEAD:src/known.py) $(git rev-parse HEAD:notes.md)"),
    HostileCase(
      "paths that lead out of the tree",
      commit + """
        S=$(git rev-parse HEAD:src) N=$(git rev-parse HEAD:notes.md)
        printf '040000 tree %s\\tsrc\\n100644 blob %s\\t..\\n100644 blob %s\\t.git\\n040000 tree %s\\t.cairn\\n' \
          $S $N $N $S > entries

        """ + commitTree),
    HostileCase(
      "paths that drive the terminal",
      commit + """
        S=$(git rev-parse HEAD:src) N=$(git rev-parse HEAD:notes.md)
        printf '040000 tree %s\\tsrc\\000100644 blob %s\\t\\033]0;title\\007x.py\\000100644 blob %s\\ta\\nb.py\\000' $S $N $N \
          > entries
        T=$(git mktree -z < entries); rm entries
        git update-ref HEAD $(git -c user.name=A -c user.email=a@example.org commit-tree -m forged $T)
        """),
    HostileCase(
      "links in the place of files that decide",
      "ln -s $CANARY/precious.txt .cairnignore; ln -s $CANARY linked\n" + commit),
    HostileCase(
      "submodules that lead outside",
      commit + """
        S=$(git rev-parse HEAD:src) N=$(git rev-parse HEAD)
        printf '040000 tree %s\\tsrc\\n160000 commit %s\\tsub\\n' $S $N > entries

        """ + commitTree),
    HostileCase(
      "a tree of many levels",
      commit + """
        S=$(git rev-parse HEAD:src) D=$(printf '100644 blob %s\\tn.md\\n' $(git rev-parse HEAD:notes.md) | git mktree)
        for i in $(seq 300); do D=$(printf '040000 tree %s\\td\\n' $D | git mktree); done
        printf '040000 tree %s\\tdeep\\n040000 tree %s\\tsrc\\n' $D $S > entries

        """ + commitTree),
    HostileCase(
      "a file of zeros without an end", "truncate -s 300M zeros.py\n" + commit + "rm zeros.py"),
    HostileCase(
      "an ignore file of many patterns", duty: .mayRefuse,
      "seq -f '!deep/%.0f/**/x' 100000 > .cairnignore\n" + commit + "rm .cairnignore"),
    HostileCase(
      "a branch that is a FIFO", duty: .mayRefuse, commit + "rm -f .git/refs/heads/side; mkfifo .git/refs/heads/side"),
    HostileCase(
      "packs of noise", duty: .mayRefuse,
      commit + "git gc -q; for p in .git/objects/pack/*; do chmod u+w $p; head -c 5000 /dev/urandom > $p; done"),
    HostileCase(
      "a graph of commits of noise", duty: .mayRefuse,
      commit + "mkdir -p .git/objects/info; head -c 5000 /dev/urandom > .git/objects/info/commit-graph"),
  ]

  @Test(arguments: cases) func `no commit runs, hangs, writes or leads outside`(_ hostile: HostileCase) throws {
    var hostile = hostile
    hostile.commands = Self.commands
    try HostileWorld(hostile).run("commits")
  }

  @Test(arguments: HostileProjectTests.repositories)
  func `what git cannot read is said within seconds`(_ hostile: HostileCase) throws {
    var hostile = hostile
    hostile.duty = .mayRefuse
    hostile.commands = [Self.landmark, ["index", "--at", "HEAD"]]
    try HostileWorld(hostile).run("commits")
  }
}
