import Disk
import Glibc
package import Primitives

/// A directory that lives as long as the value, for files that a test makes.
package final class TemporaryTree: Sendable {
  package let root: FilePath

  /// - Parameter inMemory: in the system's memory file system where there is one, for a test that makes many files
  ///   durable and would spend its time waiting for the disk.
  package init(inMemory: Bool = false) throws(Failure) {
    let memory: FilePath = "/dev/shm"
    let hasMemory = unsafe access(memory.description, W_OK | X_OK) == 0
    let parent = inMemory && hasMemory ? memory : "/tmp"
    var template = Array("\(parent)/cairn-test-XXXXXX\0".utf8)
    let made = unsafe template.withUnsafeMutableBytes { buffer in
      unsafe mkdtemp(buffer.baseAddress!.assumingMemoryBound(to: CChar.self)) != nil
    }
    guard made else { throw Failure(errno: errno, path: "/tmp", action: "make a directory in") }
    root = try resolvedPath(FilePath(bytes: Array(template.dropLast())))
  }

  deinit { removeTree(root) }

  /// Writes a file, making the directories above it.
  package func write(_ path: FilePath, _ content: [UInt8]) throws(Failure) {
    let target = root.appending(path)
    try makeDirectory(target.parent)
    var file = try AtomicFile(target)
    try file.write(content)
    try file.commit()
  }
  package func write(_ path: FilePath, _ content: String) throws(Failure) { try write(path, Array(content.utf8)) }
  package func remove(_ path: FilePath) throws(Failure) { try removeFile(root.appending(path)) }
}

/// Removes `path` and everything below it, as far as it can.
package func removeTree(_ path: FilePath) {
  ScratchDirectory.remove(path)
}

/// Makes a symbolic link at `path`.
package func makeLink(_ path: FilePath, to target: FilePath) {
  _ = unsafe path.description.withCString { name in
    unsafe target.description.withCString { target in unsafe symlink(target, name) }
  }
}
