import CModel
import Disk

/// Where the bytes of a packed model are: in the program itself, or in a file of their own. Both are mapped.
enum ModelBytes: Sendable {
  case builtIn
  case file(MappedFile)

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
