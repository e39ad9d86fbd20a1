import CModel
import Disk
import Primitives

/// Where the bytes of a packed model are: in the program itself, or in a file of their own. Both are mapped.
enum ModelBytes: Sendable {
  case builtIn
  case file(MappedFile)

  /// Throws where the file was cut while it was read: to be called before anything made from it is given away.
  func checkWhole() throws(Failure) {
    if case .file(let file) = self { try file.checkWhole() }
  }

  /// The whole model; begins at a multiple of 64.
  var bytes: Span<UInt8> {
    @_lifetime(borrow self) get {
      switch self {
      case .builtIn:
        // Read-only data of the program: it outlives every borrow.
        let span = unsafe Span(_unsafeStart: cmodel_bytes(), count: cmodel_byte_count())
        return unsafe _overrideLifetime(span, borrowing: self)
      case .file(let file):
        return unsafe _overrideLifetime(file.bytes, borrowing: self)
      }
    }
  }
}
