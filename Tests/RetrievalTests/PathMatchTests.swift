import Retrieval
import Testing

@Suite struct PathMatchTests {
  @Test func `the better a fragment names the path the higher its grade`() {
    let path = "src/net/socket.c"
    let fragments = ["src/net/socket.c", "net/socket.c", "net/socket", "net/", "sock", "rc/ne", "none"]
    let grades = fragments.map { PathMatch.grade(of: path, for: $0) }
    #expect(grades == grades.sorted(by: >))
    #expect(grades.first == 1 && grades.last == 0)
    let elsewhere = PathMatch.grade(of: path, for: "/home/me/project/src/net/socket.c")
    #expect(elsewhere > 0.85 && elsewhere <= 0.9)
    #expect(PathMatch.grade(of: "socket.c", for: "/home/me/project/src/net/socket.c") < elsewhere)
    #expect(PathMatch.grade(of: path, for: "./src/net") == 0.5)
    #expect(PathMatch.grade(of: "lib/utils.py", for: "utils.py") > PathMatch.grade(of: "a/b/utils.py", for: "utils.py"))
    for hostile in ["", "/", "./", "../", "//"] { #expect(PathMatch.grade(of: path, for: hostile) == 0) }
  }

  @Test(arguments: ["utils.py", "./utils.py", "../b/utils.py", "../../a/b/utils.py"])
  func `what a fragment names from where one stands comes before its namesakes`(fragment: String) {
    let here = PathMatch.grade(of: "a/b/utils.py", for: fragment, from: "a/b")
    for other in ["utils.py", "a/utils.py", "b/utils.py", "x/a/b/utils.py", "a/b/c/utils.py"] {
      #expect(PathMatch.grade(of: other, for: fragment, from: "a/b") < here, "\(other)")
    }
    #expect(here > 1)
    #expect(PathMatch.grade(of: "a/b/utils.py", for: "/utils.py", from: "a/b") < 1)
    #expect(PathMatch.grade(of: "utils.py", for: "../../../utils.py", from: "a/b") <= 1)
  }

  @Test func `the path of a file is met by whole components`() {
    for (path, wanted) in [
      ("shlex.py", "x.py"), ("a/win_utils.py", "utils.py"), ("a/x.py.in", "x.py"), ("x.py/b", "x.py"),
    ] {
      #expect(PathMatch.gradeOfFile(path, for: wanted) == 0, "\(path) \(wanted)")
    }
    for (path, wanted) in [
      ("a/b/x.py", "x.py"), ("a/b/x.py", "b/x.py"), ("x.py", "src/x.py"), ("c/b/x.py", "a/b/x.py"),
    ] {
      #expect(PathMatch.gradeOfFile(path, for: wanted) > 0.5, "\(path) \(wanted)")
    }
    #expect(PathMatch.gradeOfFile("a/x.py", for: "b/x.py") == 0)
    #expect(PathMatch.gradeOfFile("a/x.py", for: "b/x.py", isAbsolute: true) > 0)
  }
}
