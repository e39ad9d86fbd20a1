import CSystem
import Glibc
package import Primitives

/// The variables this process was started with. Values are bytes: a path among them need not be UTF-8.
package func processEnvironment() -> [String: [UInt8]] {
  var variables: [String: [UInt8]] = [:]
  guard var entry = unsafe csystem_environment() else { return variables }
  while let text = unsafe entry.pointee {
    let bytes = unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    if let equals = bytes.firstIndex(of: UInt8(ascii: "=")) {
      variables[String(decoding: bytes[..<equals], as: UTF8.self)] = Array(bytes[(equals + 1)...])
    }
    unsafe entry += 1
  }
  return variables
}

/// Whether files may be made in `directory` by this process; false also where there is no such directory.
package func isWritable(_ directory: FilePath) -> Bool {
  unsafe directory.withCPath { name in unsafe access(name, W_OK | X_OK) } == 0
}
