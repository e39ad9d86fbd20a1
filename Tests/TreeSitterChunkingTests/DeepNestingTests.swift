import Chunking
import Glibc
import Inspection
import Primitives
import Testing
import TreeSitterChunking

@Suite struct DeepNestingTests {
  /// Runs `body` on a thread whose stack has 512 kB, and waits for it.
  private func onSmallStack(_ body: @escaping @Sendable () -> Void) {
    final class Work: Sendable {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    unsafe pthread_attr_setstacksize(&attributes, 512 * 1024)
    var thread = pthread_t()
    let work = unsafe Unmanaged.passRetained(Work(body)).toOpaque()
    let status = unsafe pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, work)
    #expect(status == 0)
    pthread_join(thread, nil)
    unsafe pthread_attr_destroy(&attributes)
  }

  private static let languages = [
    "c", "cpp", "python", "javascript", "typescript", "go", "rust", "java", "ruby", "json", "yaml", "haskell", "bash",
    "clojure", "css", "markdown", "html", "swift", "scala", "ocaml",
  ]

  @Test(arguments: ["(", "[", "{", "({["]) func `a million open brackets do not overflow the stack`(opening: String) {
    let bytes = Array(String(repeating: opening, count: 1_000_000 / opening.utf8.count).utf8)
    onSmallStack {
      for name in DeepNestingTests.languages {
        let chunks = Chunker(parser: TreeSitterParser()).chunks(of: bytes.span, in: Language(name: name, kind: .code))
        #expect(chunks.count == 1, "\(name)")
      }
    }
  }

  /// Just below the depth from which the parser is not asked, so that it works on the small stack too.
  @Test func `nesting as deep as is let through does not overflow the stack`() {
    onSmallStack {
      for name in DeepNestingTests.languages {
        for (open, close) in [("(", ")"), ("[", "]"), ("{", "}"), ("<a>", "</a>"), ("if x {\n", "}\n")]
        where name != "bash" || open != "<a>" {
          let text = String(repeating: open, count: 2000) + String(repeating: close, count: 2000)
          let bytes = Array(text.utf8)
          let chunks = Chunker(parser: TreeSitterParser()).chunks(of: bytes.span, in: Language(name: name, kind: .code))
          #expect(chunks.last?.bytes.upperBound == bytes.count, "\(name) \(open)")
        }
      }
    }
  }

  @Test func `text that takes the parser too many steps is given up in time`() {
    let cases = [("c", "f("), ("javascript", "`${"), ("bash", "case x in "), ("ruby", "x ? y : ")]
    for (name, piece) in cases {
      let bytes = Array(String(repeating: piece, count: 200_000 / piece.utf8.count).utf8)
      let language = Language(name: name, kind: .code)
      let clock = ContinuousClock()
      var chunks: [Chunk] = []
      let duration = clock.measure { chunks = Chunker(parser: TreeSitterParser()).chunks(of: bytes.span, in: language) }
      #expect(chunks.count == 1)
      #expect(duration < .seconds(20), "\(name)")
    }
  }

  /// 12 kB of this took a gigabyte in C#, and 240 kB more than six in Java, before what a parse may allocate was
  /// bounded.
  @Test(arguments: [("csharp", "<a ", 4096), ("java", "a < ", 60_000), ("cpp", "a<b<", 50_000)])
  func `text that makes the parser hoard memory is given up`(name: String, piece: String, count: Int) {
    func peakKilobytes() -> Int {
      var usage = rusage()
      _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return Int(usage.ru_maxrss)
    }
    let bytes = Array(String(repeating: piece, count: count).utf8)
    let before = peakKilobytes()
    let outline = TreeSitterParser().outline(of: bytes.span, in: Language(name: name, kind: .code))
    #expect(outline?.nodes.isEmpty == true && outline?.failure != nil, "\(name)")
    #expect(peakKilobytes() - before < 300_000, "\(name)")
  }

  @Test func `a file beyond the size that is parsed is still cut`() {
    let line = Array("int x = 1;\n".utf8)
    var bytes: [UInt8] = []
    for _ in 0..<800_000 { bytes += line }
    let language = Language(name: "c", kind: .code)
    let outline = TreeSitterParser().outline(of: bytes.span, in: language)
    #expect(outline?.nodes.isEmpty == true && outline?.failure == .size)
    #expect(Chunker(parser: TreeSitterParser()).chunks(of: bytes.span, in: language).count > 1000)
  }
}
