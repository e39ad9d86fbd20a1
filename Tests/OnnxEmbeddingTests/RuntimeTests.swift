import Disk
import OnnxEmbedding
import Primitives
import TestSupport
import Testing

struct RuntimeTests {
  @Test func `The library is looked for in the order that is written down`() {
    let program: FilePath = "/home/me/cairn/.build/release/cairn"
    let home = ["HOME": Array("/home/me".utf8)]
    let usual = RuntimeSearchPath(environment: home, program: program)
    #expect(
      usual.places.map { $0.path?.description } == [
        "/home/me/cairn/.deps/onnxruntime", "/home/me/.local/share/cairn/runtime", nil,
      ])
    let installed = RuntimeSearchPath(
      environment: home.merging(["XDG_DATA_HOME": Array("/data".utf8)]) { $1 }, program: "/usr/bin/cairn")
    #expect(installed.places.map { $0.path?.description } == ["/data/cairn/runtime", nil])
    let named = RuntimeSearchPath(
      environment: home.merging(["CAIRN_ONNXRUNTIME": Array("/lib/ort".utf8)]) { $1 }, program: program)
    #expect(named.places.map { $0.path?.description } == ["/lib/ort"])
  }

  @Test func `Without a runtime a model fails with what was tried and the way out`() throws {
    let tree = try TemporaryTree()
    try tree.write("libonnxruntime.so.1", "no library")
    let places = RuntimeSearchPath([
      .init(title: "CAIRN_ONNXRUNTIME", path: "/nowhere"), .init(title: "the user's data directory", path: tree.root),
    ])
    let report = RuntimeReport(places)
    #expect(report.version == nil)
    #expect(report.devices.isEmpty)
    #expect(report.tried.count == 2)
    #expect(report.lines[0] == "no ONNX Runtime")
    #expect(report.lines.contains { $0.contains("libonnxruntime.so.1") })
    let failure = #expect(throws: Failure.self) {
      try OnnxModel(Installed.fixture("tiny-embedder"), Installed.options { $0.places = places })
    }
    #expect(failure?.code == .runtimeMissing)
    #expect(failure?.remedy == Remedy(.installOnnxRuntime))
  }

  /// A library of an earlier version returns null when asked for the table. One is compiled here, with any compiler.
  @Test(arguments: [
    (
      #"struct b { const void *(*a)(unsigned); const char *(*v)(void); };"#
        + #"static const void *no(unsigned n) { return 0; } static const char *v(void) { return "1.4.0"; }"#
        + #"static struct b base = { no, v }; const struct b *OrtGetApiBase(void) { return &base; }"#,
      "1.4.0 is older than 1.17"
    ),
    ("int something_else(void) { return 1; }", "OrtGetApiBase"),
  ])
  func `A library that is too old, or another one, is said to be so`(_ source: String, _ reason: String) throws {
    let tree = try TemporaryTree()
    try tree.write("old.c", source)
    let compile =
      "for c in cc clang gcc; do command -v $c >/dev/null && exec $c -shared -fPIC -o libonnxruntime.so old.c; done; exit 9"
    let environment = [
      "PATH": processEnvironment()["PATH"].map { String(decoding: $0, as: UTF8.self) } ?? "/usr/bin:/bin"
    ]
    let result = try Program(
      "/bin/sh", [Array("-c".utf8), Array(compile.utf8)], in: tree.root, environment: environment
    ).wait()
    try #require(result.code == 0, "no C compiler: \(result.errorText)")
    let report = RuntimeReport(RuntimeSearchPath([.init(title: "CAIRN_ONNXRUNTIME", path: tree.root)]))
    #expect(report.version == nil)
    #expect(report.tried.first?.reason.contains(reason) == true)
  }

  @Test(.enabled(if: Installed.hasRuntime, Comment(rawValue: Installed.runtimeAdvice)))
  func `A runtime that is there tells its version, its file and its devices`() {
    let report = RuntimeReport(Installed.places)
    #expect(report.version?.first == "1")
    #expect(report.path != nil)
    #expect(report.devices.last == .cpu)
    #expect(Set(report.devices).union(report.declined.map(\.device)) == Set(OnnxDevice.allCases))
    #expect(report.lines[0].hasPrefix("ONNX Runtime 1."))
  }

  @Test func `What devices the setting names`() throws {
    #expect(try OnnxDevice.order(named: "auto") == [.cuda, .migraphx, .rocm, .coreml, .openvino, .cpu])
    #expect(try OnnxDevice.order(named: "rocm") == [.migraphx, .rocm, .cpu])
    #expect(try OnnxDevice.order(named: "cpu") == [.cpu])
    #expect(throws: Failure.self) { try OnnxDevice.order(named: "tpu") }
  }
}
