import Glibc
import Primitives
import TestSupport
import Testing

/// What a repository, an archive or another user can bring as `.cairn`: it is not believed, not followed, and not
/// harmed where it is somebody else's.
@Suite struct HostileIndexTests {
  // MARK: The directory itself

  static let directories: [HostileCase] = [
    HostileCase(".cairn is a link to a directory", "ln -s $CANARY .cairn"),
    HostileCase(".cairn is a link to an empty directory", "ln -s $STRANGER .cairn"),
    HostileCase(".cairn is a link to a file", "ln -s $CANARY/precious.txt .cairn"),
    HostileCase(".cairn is a link to nothing", "ln -s $CANARY/new .cairn"),
    HostileCase(".cairn is a link to itself", "ln -s .cairn .cairn"),
    HostileCase(".cairn is a link to the root directory", "ln -s / .cairn"),
    HostileCase(".cairn is a link to a directory of the tree", "mkdir lib; ln -s lib .cairn"),
    HostileCase(".cairn is a link to another index", start: .indexed, "mv .cairn moved; ln -s moved .cairn"),
    HostileCase(".cairn is a file", "echo mine > .cairn"),
    HostileCase(".cairn is a hard link", "ln $CANARY/precious.txt .cairn"),
    HostileCase(".cairn is a FIFO", "mkfifo .cairn"),
    HostileCase(".cairn is a socket", HostileIndexTests.socket(".cairn")),
    HostileCase(".cairn is a device", needsRoot: true, "mknod .cairn c 1 5"),
    HostileCase(".cairn is a stranger's", needsRoot: true, "mkdir -m 777 .cairn; chown 12345:12345 .cairn"),
    HostileCase(
      ".cairn is a stranger's with an index", start: .indexed, needsRoot: true, "chown -R 12345:12345 .cairn"),
    HostileCase(".cairn may be written by all", "mkdir .cairn; chmod 777 .cairn"),
    HostileCase(".cairn with an index may be written by all", start: .indexed, "chmod -R 777 .cairn"),
    HostileCase(".cairn may not be entered", start: .indexed, "chmod 000 .cairn"),
    HostileCase(".cairn may not be written", start: .indexed, "chmod -R a-w .cairn"),
    HostileCase(
      ".cairn has a user's files",
      "mkdir -p .cairn/segments; echo v > .cairn/report.tmp; echo v > .cairn/segments/a.csv"),
    HostileCase(
      "index_dir is a user's directory",
      "mkdir -p src/segments; echo v > src/report.tmp; echo v > src/segments/a.segment; echo 'index_dir = \"src\"' > cairn.toml"
    ),
    HostileCase(
      "index_dir leads out of the tree", duty: .mayRefuse,
      "echo 'index_dir = \"../'$(basename $CANARY)'\"' > cairn.toml"),
    HostileCase(
      "index_dir leads out through a link", duty: .mayRefuse,
      "ln -s $CANARY out; echo 'index_dir = \"out/segments\"' > cairn.toml"),
    HostileCase("index_dir is .git", duty: .mayRefuse, "git init -q .; echo 'index_dir = \".git\"' > cairn.toml"),
  ]

  @Test(arguments: directories)
  func `an index directory that is not Cairn's own is left alone, and another place serves`(_ hostile: HostileCase)
    throws
  {
    if hostile.needsRoot && !HostileWorld.isRoot { return }
    try HostileWorld(hostile).run("the index directory itself")
  }

  @Test func `a user's directory that is named on the command line keeps its files`() throws {
    let cairn = try CairnProgram(inMemory: true)
    try cairn.writeSample()
    try cairn.write("mine/report.tmp", "v\n")
    try cairn.write("mine/segments/data.csv", "v\n")
    try cairn.write("mine/segments/000009.segment", "v\n")
    let before = TreeRecord(cairn.tree.root.appending("mine"), withTimesOfDirectories: false)
    for command in [["index"], ["index", "--rebuild"], ["search", "leap_year"], ["cache", "clear"]] {
      let result = try cairn.start(command + (command[0] == "cache" ? [] : ["--index-dir", "mine"])).wait()
      #expect(result.code <= 2)
    }
    let after = TreeRecord(cairn.tree.root.appending("mine"), withTimesOfDirectories: false)
    let gone = before.differences(to: after).filter { !$0.hasSuffix("was made") }
    #expect(gone.isEmpty, "\(gone)")
  }

  // MARK: Each name in it

  static let names = [
    "segments", "catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm", "catalog.sqlite-journal", "writer.lock",
    "options",
    "cairn.tag", "CACHEDIR.TAG", ".gitignore", "segments/000001.segment", "segments/000001.damaged",
    "segments/000002.segment-1-1.tmp",
  ]
  /// A directory with something in it is not Cairn's to remove: there an error that says so will do.
  static let full = "a directory with a file"
  static let forms: [(name: String, needsRoot: Bool, deed: String)] = [
    ("a link to a file", false, "ln -s $CANARY/precious.txt $P"),
    ("a link to an empty file", false, "ln -s $CANARY/empty.txt $P"),
    ("a link to a directory", false, "ln -s $CANARY/segments $P"),
    ("a link to nothing", false, "ln -s $CANARY/created $P"),
    ("a link to itself", false, "ln -s $(basename $P) $P"),
    ("a hard link", false, "ln $CANARY/precious.txt $P"),
    ("a FIFO", false, "mkfifo $P"),
    ("a socket", false, socket("$P")),
    ("a directory", false, "mkdir $P"), (full, false, "mkdir $P; echo v > $P/kept.txt"),
    ("a huge hole", false, "truncate -s 4T $P"),
    ("/dev/zero", false, "ln -s /dev/zero $P"),
    ("a device", true, "mknod $P c 1 5"),
  ]

  @Test(arguments: names)
  func `whatever a name in the directory is, nothing behind it is touched`(_ name: String) throws {
    for start in [HostileCase.Start.fresh, .indexed] {
      for form in Self.forms where !form.needsRoot || HostileWorld.isRoot {
        let make = name.hasPrefix("segments/") ? "mkdir -p .cairn/segments" : "mkdir -p .cairn"
        try HostileWorld(
          HostileCase(
            "\(name) is \(form.name), \(start == .fresh ? "in a directory of a stranger" : "in an index of one's own")",
            start: start, duty: form.name == Self.full && start == .indexed ? .mayRefuse : .answers,
            commands: HostileWorld.fewCommands,
            "\(make); P=.cairn/\(name); rm -rf $P; \(form.deed)")
        ).run("each name in it")
      }
    }
  }

  // MARK: Whole indexes

  /// Makes an index of a tree that lies: the same paths, sizes and times, and the landmark is not in it.
  static let forge = """
    cp -a . $STRANGER/tree; rm -rf $STRANGER/tree/.cairn
    sed 's/canary_landmark/canary_marklands/' src/known.py > $STRANGER/tree/src/known.py
    touch -r src/known.py $STRANGER/tree/src/known.py
    (cd $STRANGER/tree && mkdir $STRANGER/home && HOME=$STRANGER/home $CAIRN index --quiet)
    """
  static let wholes: [HostileCase] = [
    HostileCase("a stranger's index by cp -a", forge + "\ncp -a $STRANGER/tree/.cairn ."),
    HostileCase("a stranger's tree and index by tar", forge + "\ntar c -C $STRANGER/tree .cairn | tar x"),
    HostileCase("a stranger's index moved", forge + "\nmv $STRANGER/tree/.cairn ."),
    HostileCase(
      "a stranger's index that git tracks",
      forge + """

        (cd $STRANGER/tree && git init -q . && git add -f . && git -c user.name=x -c user.email=x@example.org commit -qm x)
        rm -rf src notes.md .git; git clone -q $STRANGER/tree cloned
        mv cloned/.git cloned/.cairn cloned/src cloned/notes.md .; rmdir cloned
        sed -i 's/canary_marklands/canary_landmark/' src/known.py
        """),
    HostileCase(
      "one's own index that git tracks", start: .indexed,
      "git init -q .; git add -f .; git -c user.name=x -c user.email=x@example.org commit -qm x"),
    HostileCase(
      "a stranger's catalog in one's own index", start: .indexed,
      forge + "\ncp $STRANGER/tree/.cairn/catalog.sqlite* .cairn/"),
    HostileCase(
      "a stranger's segment in one's own index", start: .indexed,
      forge + "\ncp $STRANGER/tree/.cairn/segments/* .cairn/segments/"),
    HostileCase(
      "a segment of the same size and another content", start: .indexed,
      forge + """

        for s in .cairn/segments/*.segment; do
          size=$(stat -c %s $s); head -c $size $STRANGER/tree/$s > $s.new; truncate -s $size $s.new; mv $s.new $s
        done
        """),
    HostileCase(
      "two segments that swapped their names", start: .indexed,
      "echo 'def second(): return 2' > src/second.py; $CAIRN index --quiet; cd .cairn/segments; set -- *.segment; "
        + "[ $# -lt 2 ] || { mv $1 x; mv $2 $1; mv x $2; }"),
    HostileCase("segments that are cut", start: .indexed, "for s in .cairn/segments/*; do truncate -s 900 $s; done"),
    HostileCase("segments that are empty", start: .indexed, "for s in .cairn/segments/*; do : > $s; done"),
    HostileCase("segments that are gone", start: .indexed, "rm -rf .cairn/segments"),
    HostileCase("a catalog that is cut", start: .indexed, "truncate -s 5000 .cairn/catalog.sqlite"),
    HostileCase("a catalog that is empty", start: .indexed, "rm -f .cairn/catalog.sqlite*; : > .cairn/catalog.sqlite"),
    HostileCase("a catalog that is gone", start: .indexed, "rm -f .cairn/catalog.sqlite*"),
    // A later program made it: it is not thrown away unless the user says so.
    HostileCase("a catalog of a later version", start: .indexed, duty: .mayRefuse, sql("PRAGMA user_version = 99")),
    HostileCase(
      "a log that is noise", start: .indexed, "head -c 40000 /dev/urandom > .cairn/catalog.sqlite-wal"),
    HostileCase(
      "shared memory that is noise", start: .indexed, "head -c 32768 /dev/urandom > .cairn/catalog.sqlite-shm"),
  ]

  @Test(arguments: wholes)
  func `an index that was made elsewhere or damaged is not believed`(_ hostile: HostileCase) throws {
    var hostile = hostile
    // The first look believes what it finds, if anything does.
    hostile.commands.insert(["search", "--no-update", "--color", "never", "canary_landmark"], at: 0)
    try HostileWorld(hostile).run("whole indexes")
  }

  // MARK: Catalogs

  static let catalogs: [HostileCase] = [
    HostileCase(
      "a trigger that empties the catalog", start: .indexed,
      sql("CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM files; DELETE FROM segments; END")),
    HostileCase(
      "a trigger that writes for ever", start: .indexed,
      sql(
        "PRAGMA recursive_triggers=1; CREATE TRIGGER t AFTER INSERT ON runs BEGIN "
          + "INSERT INTO runs SELECT id+1,1,1,1,1,1,1,1,NULL FROM runs; END")),
    HostileCase(
      "a view in place of a table", start: .indexed,
      sql("ALTER TABLE files RENAME TO kept; CREATE VIEW files AS SELECT * FROM kept WHERE path NOT LIKE '%known%'")),
    HostileCase(
      "a view without an end", start: .indexed,
      sql(
        "ALTER TABLE segments RENAME TO kept; CREATE VIEW segments AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT "
          + "n+1 FROM c) SELECT n AS id, 1 AS file_count, 1 AS chunk_count, 1 AS byte_count, x'00' AS retired_files FROM c"
      )),
    HostileCase(
      "a generated column", start: .indexed,
      sql("ALTER TABLE segments ADD COLUMN g TEXT AS (printf('%.*c', 900000000, 'x')) VIRTUAL")),
    HostileCase(
      "a schema that is broken", start: .indexed,
      sql("PRAGMA writable_schema=1; UPDATE sqlite_schema SET sql='CREATE TABLE files(' || char(0) WHERE name='files'")),
    HostileCase(
      "a schema whose roots are swapped", start: .indexed,
      sql("PRAGMA writable_schema=1; UPDATE sqlite_schema SET rootpage = 9 - rootpage WHERE rootpage BETWEEN 2 AND 7")),
    HostileCase(
      "paths that lead out", start: .indexed,
      sql(
        "UPDATE files SET path = CAST('../' || '$(basename $CANARY)' || '/source.py' AS BLOB) WHERE path = CAST('src/known.py' AS BLOB)"
      )),
    HostileCase(
      "absolute paths", start: .indexed,
      sql("UPDATE files SET path = CAST('$CANARY/source.py' AS BLOB) WHERE path = CAST('src/known.py' AS BLOB)")),
    HostileCase(
      "paths with newlines, escapes and zeros", start: .indexed,
      sql("UPDATE files SET path = x'0a1b5d303b78070041' WHERE path = CAST('src/other.py' AS BLOB)")),
    HostileCase(
      "no files at all, and complete", start: .indexed, sql("DELETE FROM files; DELETE FROM segments")),
    HostileCase(
      "one file called unchanged that is not in it", start: .indexed,
      sql("UPDATE files SET skip_reason='empty', segment=NULL, number=NULL WHERE path = CAST('src/known.py' AS BLOB)")),
    HostileCase(
      "every file tombstoned", start: .indexed, sql("UPDATE segments SET retired_files = x'ffffffffffffffff'")),
    HostileCase(
      "counts beyond all bounds", start: .indexed,
      sql("PRAGMA ignore_check_constraints=1; UPDATE segments SET file_count=9223372036854775807, chunk_count=-1")),
    HostileCase(
      "numbers of segments beyond all bounds", start: .indexed,
      sql(
        "UPDATE counters SET next_value = 9223372036854775807; "
          + "UPDATE generations SET number = 9223372036854775807 WHERE number = (SELECT max(number) FROM generations)")),
  ]

  @Test(arguments: catalogs)
  func `a catalog that was tampered with does no harm and is not believed`(_ hostile: HostileCase) throws {
    try HostileWorld(hostile).run("tampered catalogs")
  }

  @Test(arguments: [true, false])
  func `a journal that names a file makes nobody delete that file`(_ isOwn: Bool) throws {
    for victim in ["empty.txt", "precious.txt"] {
      // The journal is played back at the first look at the catalog, whoever made it.
      let deed = """
        \(isOwn ? ":" : forgeHere)
        python3 - $CANARY/\(victim) <<'END'
        \(Self.superJournal)
        END
        """
      try HostileWorld(
        HostileCase(
          "a hot journal that names \(victim), \(isOwn ? "in one's own index" : "in a stranger's")",
          start: isOwn ? .indexed : .fresh, commands: HostileWorld.fewCommands, deed)
      ).run("journals")
    }
  }

  private var forgeHere: String { "mkdir $STRANGER/home; HOME=$STRANGER/home $CAIRN index --quiet" }

  /// By SQLite's description of its file format: one page of the catalog as it was, and at the end the name of a "super
  /// journal", a file that is deleted once no journal that it names is hot.
  static let superJournal = """
    import struct, sys
    catalog = ".cairn/catalog.sqlite"
    content = open(catalog, "rb").read()
    size = struct.unpack(">H", content[16:18])[0]
    magic, nonce = bytes.fromhex("d9d505f920a163d7"), 77
    page = content[:size]
    check = (nonce + sum(page[at] for at in range(size - 200, 0, -200))) & 0xFFFFFFFF
    header = (magic + struct.pack(">5I", 1, nonce, len(content) // size, 512, size)).ljust(512, b"\\0")
    name = sys.argv[1].encode()
    trailer = struct.pack(">I", 0x40000000 // size + 1) + name + struct.pack(">2I", len(name), sum(name)) + magic
    with open(catalog + "-journal", "wb") as journal:
        journal.write(header + struct.pack(">I", 1) + page + struct.pack(">I", check) + trailer)
    """

  // MARK: Deeds

  /// Makes a socket at `path`.
  static func socket(_ path: String) -> String {
    "perl -MIO::Socket::UNIX -e 'chdir shift; IO::Socket::UNIX->new(Local => shift, Listen => 1) or die' "
      + "$(dirname \(path)) $(basename \(path))"
  }

  /// Changes the catalog by a statement, as anyone who can write the file can.
  static func sql(_ statement: String) -> String {
    """
    python3 - "\(statement)" <<'END'
    import sqlite3, sys
    database = sqlite3.connect(".cairn/catalog.sqlite")
    database.executescript("PRAGMA foreign_keys=0;" + sys.argv[1])
    database.commit()
    database.close()
    END
    """
  }
}
