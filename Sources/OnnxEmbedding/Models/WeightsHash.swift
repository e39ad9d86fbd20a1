import Disk
import JSON
import Primitives

/// The hash of a weights file, and of the file of external data beside it. Computed once and remembered in the model's
/// directory by the files' sizes and times, so that opening a model of gigabytes is quick; where the directory cannot
/// be written, it is computed each time (10 GB/s from memory).
func weightsHash(of files: ModelFiles) throws(Failure) -> ContentHash {
  let parts = files.weightsParts
  var key = ""
  for part in parts {
    let status = try FileStatus(of: part)
    key += "\(part.lastComponent) \(status.byteCount) \(status.modified)\n"
  }
  let record = files.directory.appending(".cairn-hash")
  let remembered = (try? readFile(record, limit: 1 << 20).bytes).flatMap { try? JSONValue(parsing: $0) }
  if let text = remembered?[key]?.string, let hash = ContentHash(hexadecimal: text) { return hash }

  var hashes: [UInt8] = []
  for part in parts {
    let file = try MappedFile(part)
    hashes += Array(ContentHash(of: file.bytes).description.utf8)
    try file.checkWhole()
  }
  let hash =
    parts.count == 1 ? ContentHash(hexadecimal: String(decoding: hashes, as: UTF8.self))! : ContentHash(of: hashes.span)
  // A file that changed has a line of its own: only the newest of each name is kept.
  let name = "\(files.weights.lastComponent) "
  var members = (remembered?.members ?? []).filter { !$0.name.hasPrefix(name) }
  members.append(JSONValue.Member(key, .string(hash.description)))
  if var file = try? AtomicFile(record) {
    if (try? file.write(JSONValue.object(members).bytes)) != nil { try? file.commit() }
  }
  return hash
}

/// Bytes of the weights.
func weightsByteCount(of files: ModelFiles) throws(Failure) -> Int {
  var count = 0
  for part in files.weightsParts { count += try FileStatus(of: part).byteCount }
  return count
}

extension ModelFiles {
  /// The ONNX file and, where it keeps its weights in another, that one.
  fileprivate var weightsParts: [FilePath] {
    let beside = ["_data", ".data"].map { FilePath(bytes: weights.bytes + Array($0.utf8)) }
    return [weights] + beside.filter(fileExists)
  }
}

extension ContentHash {
  /// The hash that `description` writes so.
  fileprivate init?(hexadecimal text: String) {
    guard text.utf8.count == 32, let high = UInt64(text.prefix(16), radix: 16),
      let low = UInt64(text.suffix(16), radix: 16)
    else { return nil }
    self.init(high: high, low: low)
  }
}
