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
    for hostile in ["", "/", "./", "../", "//"] { #expect(PathMatch.grade(of: path, for: hostile) == 0) }
  }
}
