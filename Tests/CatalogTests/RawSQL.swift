import Glibc
import Primitives

/// Runs SQL past the catalog's own code, with the library that the test is linked with.
func execute(_ sql: String, in database: FilePath) -> Bool {
  typealias Open = @convention(c) (UnsafePointer<CChar>, UnsafeMutablePointer<OpaquePointer?>) -> Int32
  typealias Execute = @convention(c) (OpaquePointer?, UnsafePointer<CChar>, Int, Int, Int) -> Int32
  typealias Close = @convention(c) (OpaquePointer?) -> Int32
  var handle: OpaquePointer?
  let opened = unsafe unsafeBitCast(dlsym(nil, "sqlite3_open"), to: Open.self)(database.description, &handle)
  defer { _ = unsafe unsafeBitCast(dlsym(nil, "sqlite3_close"), to: Close.self)(handle) }
  let ran = unsafe unsafeBitCast(dlsym(nil, "sqlite3_exec"), to: Execute.self)(handle, sql, 0, 0, 0)
  return opened == 0 && ran == 0
}
