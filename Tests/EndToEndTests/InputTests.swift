import Disk
import Primitives
import TestSupport
import Testing

/// Bytes that Cairn did not write, given to all that reads such bytes: by `cairn-input-fuzzer`, which `Scripts/fuzz`
/// builds with coverage, and which is built here without.
@Suite struct InputTests {
  static let inputs = repository.appending("Tests/Fixtures/inputs")
  /// Each has a folder of inputs.
  static let targets: [String] = ((try? listDirectory(inputs)) ?? []).map(\.name.description).sorted()
  let tree: TemporaryTree

  init() throws { tree = try TemporaryTree(inMemory: true) }

  func run(_ arguments: String...) throws -> ProgramResult {
    try Program(
      CairnProgram.program(besideTests: "cairn-input-fuzzer"), arguments.map { Array($0.utf8) }, in: repository,
      environment: ["TMPDIR": tree.root.description]
    ).wait()
  }

  @Test func `every target has inputs to begin with, and every folder of them has its target`() throws {
    let names = try run("names").outputLines
    #expect(names.count > 10)
    #expect(names.sorted() == Self.targets)
    for target in Self.targets { #expect(try !listDirectory(Self.inputs.appending(FilePath(target))).isEmpty) }
  }

  @Test(arguments: targets)
  func `every input that is kept is refused or believed`(_ target: String) throws {
    let result = try run("replay", target, "\(Self.inputs)/\(target)")
    #expect(result.code == 0, "\(result.outputLines.last ?? ""): \(result.errorText)")
  }

  /// Without coverage: it meets what is near the inputs that are kept. `Scripts/fuzz` looks further.
  @Test(arguments: targets)
  func `inputs that are a little wrong are refused or believed`(_ target: String) throws {
    let arguments = [target, "\(Self.inputs)/\(target)"]
    let result = try run("mutate", "--seed", "2026", "--rounds", "\(Self.roundCount)", arguments[0], arguments[1])
    #expect(
      result.code == 0,
      """
      \(result.errorText): run this with CAIRN_FUZZ_PROGRESS=FILE to learn its number, and with `write --seed 2026 \
      --round NUMBER` in place of `mutate` to have it
      """)
  }
  static let roundCount = 1000
}
