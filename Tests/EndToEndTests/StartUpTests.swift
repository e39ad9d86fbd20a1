import Primitives
import TestSupport
import Testing

/// What the program has linked in before Swift's own libraries (`CStartUp`).
@Suite struct StartUpTests {
  /// The dispatch library ends the process where it gets -1 for the state of a thread; its own monitor runs when it
  /// likes, so the function that it calls is tried alone.
  @Test func `a thread's state that cannot be opened is another descriptor than the one that ends the process`() throws
  {
    let tree = try TemporaryTree(inMemory: true)
    try tree.write(
      "main.c",
      """
      #include <fcntl.h>
      #include <stdio.h>
      #include <sys/resource.h>
      #include <unistd.h>
      int main(void) {
        char state[64];
        snprintf(state, sizeof state, "/proc/%d/stat", (int)getpid());
        int own = open(state, O_RDONLY | O_NONBLOCK);
        int made = open("made", O_RDWR | O_CREAT, 0600);
        printf("%d %d ", own >= 0, made >= 0);
        struct rlimit none = {0, 0};
        setrlimit(RLIMIT_NOFILE, &none);
        printf("%d ", open(state, O_RDONLY | O_NONBLOCK));
        printf("%d ", open("/proc/1234567890/stat", O_RDONLY | O_NONBLOCK));
        printf("%d %d %d %d\\n", open("/proc/self/stat", O_RDONLY | O_NONBLOCK), open(state, O_RDONLY),
               open("/proc/1/statm", O_RDONLY | O_NONBLOCK), open("made", O_RDONLY | O_NONBLOCK));
        return 0;
      }
      """)
    let room = repository.appending("Sources/CStartUp")
    let allocator = room.parent.appending("CAllocator")
    func run(_ name: String, _ arguments: [String]) throws -> ProgramResult {
      try Program(
        FilePath(name), arguments.map { Array($0.utf8) }, in: tree.root,
        environment: ["PATH": "/usr/bin:/bin:/usr/local/bin"]
      ).wait()
    }
    let built = try run(
      "cc",
      [
        "-O1", "-I", room.appending("include").description, "-I", allocator.appending("include").description,
        "-o", "main", "main.c", room.appending("CStartUp.c").description,
        allocator.appending("CAllocator.c").description, "-lpthread", "-ldl",
      ])
    #expect(built.code == 0, "\(built.errorText)")
    let result = try run(tree.root.appending("main").description, [])
    #expect(result.outputText == "1 1 -2 -2 -1 -1 -1 -1\n", "\(result.outputText)\(result.errorText)")
    #expect(try run("stat", ["-c", "%a", "made"]).outputText == "600\n")
  }

  @Test func `nothing is written into a file that is opened in the place of a closed stream`() throws {
    let cairn = try CairnProgram()
    try cairn.writeSample()
    for streams in ["<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"] {
      let set = try cairn.shell("rm -f cairn.toml; $CAIRN config set limit 5 \(streams)")
      // What is to be told and cannot be is an error.
      #expect(set.code == (streams.contains(" >&-") || streams.hasPrefix(">") ? 2 : 0), "\(streams): \(set.errorText)")
      #expect(try readFileBytes(cairn.tree.root.appending("cairn.toml")) == Array("limit = 5\n".utf8), "\(streams)")
      #expect(try cairn.shell("$CAIRN index --rebuild \(streams)").code <= 2, "\(streams)")
      #expect(try cairn.shell("$CAIRN search leap_year \(streams)").code <= 2, "\(streams)")
      #expect(try cairn.run("verify").code == 0, "\(streams)")
    }
  }

  @Test func `a stack that is too small is raised, or said to be`() throws {
    let cairn = try CairnProgram()
    try cairn.write("a.c", "int abbd;\n")
    for size in [32, 64, 200] {
      let raised = try cairn.shell("ulimit -S -s \(size); $CAIRN grep 'a(b|c)+d'")
      #expect(raised.code == 0 && raised.outputText.contains("abbd"), "\(size): \(raised.errorText)")
      let refused = try cairn.shell("ulimit -s \(size); exec $CAIRN grep 'a(b|c)+d'")
      #expect(refused.code == 2 && refused.errorText.contains("ulimit -s"), "\(size): \(refused.errorText)")
    }
    #expect(try cairn.shell("ulimit -s 256; exec $CAIRN grep 'a(b|c)+d'").code == 0)
  }

  @Test func `all of the program calls that function, and no library that is loaded does`() throws {
    let program = try CairnProgram.binary().description
    func symbols(_ options: String) throws -> [Substring] {
      let result = try Program(
        "nm", [options, program].map { Array($0.utf8) }, in: "/", environment: ["PATH": "/usr/bin:/bin"]
      ).wait()
      #expect(result.code == 0, "\(result.errorText)")
      return result.outputText.split(separator: "\n").compactMap { $0.split(separator: " ").last }
    }
    let dynamic = try symbols("-D").map { $0.prefix { $0 != "@" } }
    #expect(dynamic.contains("read") && !dynamic.contains("open"))
  }
}
