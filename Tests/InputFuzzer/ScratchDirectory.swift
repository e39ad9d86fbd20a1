import Disk
import Glibc
import Primitives

/// A directory of this process, in which targets put the files that their readers open. It is below `TMPDIR`, which the
/// caller places in memory and removes: a process that ends by a trap cannot.
struct ScratchDirectory: Sendable {
  let path: FilePath

  init(_ name: String) {
    let parent = processEnvironment()["TMPDIR"].map(FilePath.init(bytes:)) ?? "/tmp"
    var template = parent.appending(FilePath("cairn-\(name)-XXXXXX")).bytes.map { CChar(bitPattern: $0) } + [0]
    guard unsafe mkdtemp(&template) != nil else { stop("no directory can be made in \(parent): \(errno)") }
    path = FilePath(bytes: template.dropLast().map { UInt8(bitPattern: $0) })
  }

  /// Puts a file in its place, in that of one from before. Gives its path.
  @discardableResult
  func write(_ name: FilePath, _ content: Span<UInt8>) -> FilePath {
    let file = path.appending(name)
    let descriptor = unsafe creat(file.description, 0o600)
    guard descriptor >= 0 else { stop("\(file) cannot be written: \(errno)") }
    defer { close(descriptor) }
    var done = 0
    while done < content.count {
      let rest = content.extracting(done..<content.count)
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count <= 0 { stop("\(file) cannot be written: \(errno)") }
      done += count
    }
    return file
  }

  func remove(_ name: FilePath) {
    unsafe unlink(path.appending(name).description)
  }
}
