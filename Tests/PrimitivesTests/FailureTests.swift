import Primitives
import Testing

@Suite struct FailureTests {
  @Test func `a failure reads as where, what and why`() {
    #expect(Failure(.damaged, "it is torn").description == "it is torn")
    let whole = Failure(.notFound, "there is no such file", path: "a/b", cause: "ENOENT")
    #expect(whole.description == "a/b: there is no such file (ENOENT)")
    #expect(whole.code == .notFound && Failure.Code(rawValue: "not-found") == .notFound)
  }
}
