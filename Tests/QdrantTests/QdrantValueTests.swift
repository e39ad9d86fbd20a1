import HTTP
import JSON
import Primitives
import Qdrant
import TestSupport
import Testing

@Suite struct QdrantValueTests {
  @Test func `a version is read with what follows it, and anything else is none`() {
    #expect(QdrantVersion("1.16.3") == QdrantVersion(1, 16, 3))
    #expect(QdrantVersion("1.19.1-dev") == QdrantVersion(1, 19, 1))
    for text in ["", "1", "1.2", "1.2.x", "1.2.3.4", "v1.2.3", "1..3", "-1.2.3"] { #expect(QdrantVersion(text) == nil) }
  }

  @Test func `a server that is too old or of another line is refused with what is needed`() throws {
    #expect(failure { () throws(Failure) in try QdrantVersion(1, 12).check(host: "h") } == nil)
    #expect(failure { () throws(Failure) in try QdrantVersion(1, 31, 2).check(host: "h") } == nil)
    for version in [QdrantVersion(1, 11, 9), QdrantVersion(0, 99), QdrantVersion(2, 0)] {
      let problem = try #require(failure { () throws(Failure) in try version.check(host: "h") })
      #expect(problem.code == .unsupportedVersion && problem.message.contains("1.12 or newer"))
    }
  }

  @Test func `the number of a point is a UUID of version 8, the same for the same content, and reads back`() throws {
    let one = PointID(of: Array("a".utf8).span)
    #expect(one == PointID(of: Array("a".utf8).span) && one != PointID(of: Array("b".utf8).span))
    let text = one.description
    #expect(text.utf8.count == 36 && Array(text)[14] == "8" && "89ab".contains(Array(text)[19]))
    #expect(PointID(text) == one && PointID(text.uppercased()) == one)
    for text in ["", "7", text.dropLast() + "", text + "0", text.replacing("-", with: "")] {
      #expect(PointID(text) == nil)
    }
    var random = SeededRandom(seed: 7)
    for _ in 0..<200 {
      let id = PointID(
        high: UInt64.random(in: .min ... .max, using: &random), low: UInt64.random(in: .min ... .max, using: &random))
      #expect(PointID(id.description) == id)
    }
  }

  @Test(arguments: ["", "a/b", "a b", "..", "ä", "a?b", String(repeating: "x", count: 129), "a\u{1B}[1m"])
  func `a name that could be something else in an address is refused, and shown without control characters`(
    _ name: String
  ) throws {
    let problem = try #require(failure { () throws(Failure) in try CollectionName(name) })
    #expect(problem.code == .invalidArgument && !problem.message.contains("\u{1B}"))
  }

  @Test func `components of a sparse vector are in order, and those of one index are added`() {
    let vector = SparseVector([(9, 1), (2, 0.5), (9, 0.25)])
    #expect(vector.indices == [2, 9] && vector.values == [0.5, 1.25])
  }

  @Test func `what a server of a version does not know is not asked for`() {
    func text(_ version: QdrantVersion) -> String { smallPlan.document(for: version).description }
    #expect(text(QdrantVersion(1, 12)).contains(#""scalar":{"type":"int8""#))
    #expect(!text(QdrantVersion(1, 18)).contains("memory") && !text(QdrantVersion(1, 18)).contains("turbo"))
    #expect(text(QdrantVersion(1, 19)).contains(#""turbo":{"bits":"bits4","memory":"pinned"}"#))
    #expect(!text(QdrantVersion(1, 19)).contains("on_disk"))
    for version in [QdrantVersion(1, 12), QdrantVersion(1, 20)] {
      #expect(text(version).contains(#""modifier":"idf""#) && text(version).contains(#""datatype":"float16""#))
    }
    var plan = smallPlan
    plan.quantisation = .none
    #expect(!plan.document(for: QdrantVersion(1, 20)).description.contains("quantization_config"))
  }

  @Test func `a key of the usual variable may be missing, one that was named may not, and none is shown`() throws {
    var options = QdrantOptions()
    #expect(try options.key(in: [:]) == nil)
    let key = try #require(try options.key(in: ["QDRANT_API_KEY": Array("s3cret\n".utf8)]))
    #expect("\(key) \(String(reflecting: key))" == "$QDRANT_API_KEY $QDRANT_API_KEY")
    options.keyVariable = "TEAM_KEY"
    #expect(failure { () throws(Failure) in try options.key(in: [:]) }?.code == .unauthorized)
  }

  @Test(arguments: ["", "localhost:6333", "ftp://host", "http://user:pass@host", "http://host:6333?x=1"])
  func `an address that is none, or that holds a password or a query, is refused`(_ address: String) throws {
    var options = QdrantOptions()
    options.address = address
    let problem = try #require(failure { () throws(Failure) in try options.webAddress() })
    #expect(problem.code == .invalidArgument && !problem.message.contains("pass@"))
  }
}
