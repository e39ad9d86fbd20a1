import QueryLanguage
import Testing

/// Files with lines as programs print them.
@Suite struct PlaceReferenceTests {
  @Test(arguments: [
    ("src/main.c:12:5: error: expected ';'", "src/main.c", 12),
    ("  File \"/srv/app/models.py\", line 31, in save", "srv/app/models.py", 31),
    ("  File \"my files/sp ace.py\", line 2, in save", "my files/sp ace.py", 2),
    ("at file:///tmp/x/utils.js:30:5", "tmp/x/utils.js", 30),
    ("    at process (/srv/app/lib/queue.js:88:13)", "srv/app/lib/queue.js", 88),
    ("\tat com.example.Store.open(Store.java:140)", "store.java", 140),
    ("\t/go/src/net/dial.go:77 +0x1d", "go/src/net/dial.go", 77),
    ("   --> src/lib.rs:9:17", "src/lib.rs", 9),
    ("  at App.Run() in C:\\src\\App.cs:line 6", "c:/src/app.cs", 6),
    ("app/user.rb:14:in `save'", "app/user.rb", 14),
    ("PHP Fatal error: no method in /var/www/a.php on line 3", "var/www/a.php", 3),
    ("#1 /var/www/b.php(21): f()", "var/www/b.php", 21),
    ("#0  open (path=0x0) at disk/file.c:301", "disk/file.c", 301),
    ("Program.cs(10,5): error CS1002", "program.cs", 10),
    ("Makefile:12: *** missing separator", "makefile", 12),
    ("config/routes:7:1: unexpected end", "config/routes", 7),
    ("line 350 of lib/shutil.py", "lib/shutil.py", 350), ("lines 350-360 in shutil.py", "shutil.py", 350),
    ("shutil.py line 350", "shutil.py", 350), ("shutil.py, lines 350-360", "shutil.py", 350),
    ("shutil.py at line 350", "shutil.py", 350), ("shutil.py +350", "shutil.py", 350),
    ("+350 lib/shutil.py", "lib/shutil.py", 350), ("vim +350 \"shutil.py\"", "shutil.py", 350),
    ("shutil.py(350)", "shutil.py", 350), ("shutil.py#L350-L360", "shutil.py", 350),
    ("shutil.py:L350", "shutil.py", 350),
    ("shutil.py (line 350)", "shutil.py", 350), ("./shutil.py:350", "shutil.py", 350),
    ("https://gitlab.com/a/b/-/blob/main/lib/a.rb#L50-60", "https://gitlab.com/a/b/-/blob/main/lib/a.rb", 50),
    ("see https://example.org/x/blob/main/lib/a.go#L4", "https://example.org/x/blob/main/lib/a.go", 4),
    ("https://example.org/x/blob/main/my%20lib/a.go#L4", "https://example.org/x/blob/main/my lib/a.go", 4),
    ("src/main.c|12 col 3| error: expected ';'", "src/main.c", 12), ("src/main.c|12|", "src/main.c", 12),
    ("shutil.py @ 350", "shutil.py", 350), ("shutil.py @350", "shutil.py", 350),
    ("file:///srv/my%20app/sh%C3%BCtil.py:350:2", "srv/my app/shütil.py", 350),
    ("FILE://localhost/srv/a%2Db.py:3", "srv/a-b.py", 3), ("file:///srv/100%.py:3", "srv/100%.py", 3),
    ("file:///srv/a%00%zz.py:3", "srv/a%00%zz.py", 3), ("file:///C:/src/App.cs:6", "c:/src/app.cs", 6),
    ("vscode://file/srv/app/a.py:12:3", "srv/app/a.py", 12),
    ("vscode-insiders://file/srv/my%20app/a.py:12", "srv/my app/a.py", 12),
    ("idea://open?file=/srv/a.py&line=12", "srv/a.py", 12),
    ("txmt://open?url=file:///srv/a%20b.py&line=12", "srv/a b.py", 12),
    ("`src/main.c`:12", "src/main.c", 12), ("\"src/main.c\":12", "src/main.c", 12),
    ("'src/main.c':12", "src/main.c", 12),
  ])
  func `a place is read as it is printed`(text: String, path: String, line: Int) {
    let found = PlaceReference.find(in: text)
    #expect(found.count == 1)
    #expect(found.first?.line == line)
    #expect(found.first.map { $0.path == path || path.hasSuffix($0.path) } == true, "\(found)")
  }

  @Test(arguments: [
    "version 1.2:30", "a.b.c", "main.c", "12:30", "sys.path:1", "x.py:", "x.py:0", ".py:3", "localhost:8080",
    "http://host:80", "a:1", "", "line 12 of the file", "x+350 a.py", "part 3 of a.py", "350 shutil.py",
    "shutil.py + 350", "x.py:0:3", "x.py#L0", "x.py|0|", "x.py @ y", "a|b.py|", "x.py(0)",
  ])
  func `what names no line of a file is no place`(text: String) { #expect(PlaceReference.find(in: text).isEmpty) }

  @Test func `the last call of a traceback comes first where it is printed last`() {
    let text = """
      Traceback (most recent call last):
        File "run.py", line 3, in <module>
        File "lib/deep.py", line 40, in fail
      ValueError: no
      """
    #expect(PlaceReference.find(in: text).map(\.line) == [40, 3])
  }

  @Test(arguments: [
    "x.py:0", "x.py:0:3", "x.py#L0", "x.py, line 0", "File \"x.py\", line 0", "x.py(0)", "x.py|0 col 1|",
  ])
  func `line 0 is no place, and its file is known`(text: String) {
    #expect(PlaceReference.find(in: text).isEmpty && PlaceReference.pathsOfLineZero(in: text) == ["x.py"])
  }

  @Test(arguments: [
    ("a.py:3", true), ("src/a.py|3 col 4|", true), ("a.py @ 3", true), ("a.py line 3", true), ("line 3 of a.py", true),
    ("a.py (line 3)", true), ("lines 3-9 in a.py", true), ("see a.py:3", false), ("a.py:3 b.py", false),
    ("a.py:3: error: no", false), ("why does a.py line 3 fail", false),
  ])
  func `a place alone is told from a question that names one`(text: String, isAlone: Bool) {
    #expect(QueryParser().parse(text).isOnlyPlace == isAlone)
  }

  // MARK: A place and nothing else

  @Test(arguments: [
    ("main.c:12", "main.c", 12), ("main.c:12:5", "main.c", 12), ("main.c:12:5:", "main.c", 12), ("a b.c:3", "a b.c", 3),
    ("src/main.c:12-20", "src/main.c", 12), ("main.c(12)", "main.c", 12), ("main.c(12,5)", "main.c", 12),
    ("main.c#L12", "main.c", 12), ("main.c#L12-L20", "main.c", 12), ("File \"a.py\", line 7, in main", "a.py", 7),
    ("  File 'a.py', line 7", "a.py", 7), ("a.php on line 9", "a.php", 9), ("a.cs:line 7", "a.cs", 7),
    ("file:///x/a.c:3", "/x/a.c", 3), ("C.c:3:", "C.c", 3), ("main.c|12 col 5|", "main.c", 12),
    ("main.c|12|", "main.c", 12), ("main.c @ 12", "main.c", 12), ("file:///x/a%20b.c:3:1", "/x/a b.c", 3),
    ("vscode://file/x/a.c:3:1", "/x/a.c", 3), ("idea://open?file=/x/a.c&line=3", "/x/a.c", 3), ("`a.c`:3", "a.c", 3),
  ])
  func `a place is read as people and programs write it`(written: String, path: String, line: Int) {
    #expect(
      PlaceReference.readings(of: Array(written.utf8)).first
        == PlaceReference.Reading(path: Array(path.utf8), line: line))
  }

  @Test func `a place without a line is none, and a number may be of the name`() {
    for written in ["main.c", "main.c:", ":12", "main.c:0", "main.c:0:3", "main.c:x", "", "main.c()", "#L3", "(3)"] {
      #expect(PlaceReference.readings(of: Array(written.utf8)).isEmpty, "\(written)")
    }
    let odd = PlaceReference.readings(of: Array("a:3:7".utf8))
    #expect(
      odd == [PlaceReference.Reading(path: [0x61], line: 3), PlaceReference.Reading(path: Array("a:3".utf8), line: 7)])
    #expect(PlaceReference.readings(of: [0xFF, 0x3A, 0x31]) == [PlaceReference.Reading(path: [0xFF], line: 1)])
  }

  @Test(arguments: [
    ("see Foo.java:10 there", "Foo.java", 10), ("at com.x.Foo.bar(Foo.java:10)", "Foo.java", 10),
    ("/usr/lib/a.PY:3 oops", "/usr/lib/a.PY", 3), ("../src/A.c:7 x", "../src/A.c", 7), ("src\\A.c:7 x", "src/A.c", 7),
  ])
  func `what a search would see in the text is a reading too, as it is written`(
    written: String, path: String, line: Int
  ) {
    let wanted = PlaceReference.Reading(path: Array(path.utf8), line: line)
    #expect(PlaceReference.readings(of: Array(written.utf8)).contains(wanted), "\(written)")
  }
}
