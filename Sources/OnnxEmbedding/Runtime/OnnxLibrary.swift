import COnnxRuntime
package import Primitives
import Synchronization

/// The ONNX Runtime library, loaded. It stays loaded until the process ends: it has threads of its own.
// `@unchecked Sendable`: the library's functions may be called by several threads at once, and the pointer never
// changes.
@safe final class OnnxLibrary: @unchecked Sendable {
  let handle: OpaquePointer
  /// "1.31.1".
  let version: String
  /// The file it was loaded from.
  let path: FilePath
  /// Devices that this build has parts for; whether they work shows when a model is opened on them.
  let devices: Set<OnnxDevice>
  /// What the library calls its parts, those that Cairn has no name for included.
  let providerNames: [String]

  /// Loads the library at `path`, or of that name from the system's library path.
  init(loading path: FilePath) throws(Failure) {
    var error = cor_error()
    guard let handle = unsafe path.description.withCString({ unsafe cor_load($0, &error) }) else {
      throw Failure(loading: path, error)
    }
    unsafe self.handle = handle
    version = unsafe String(cString: cor_version(handle))
    self.path = unsafe cor_path(handle).map { unsafe FilePath(String(cString: $0)) } ?? path
    var names: [String] = []
    unsafe withUnsafeMutablePointer(to: &names) { list in
      unsafe cor_providers(handle, list) { context, name in
        unsafe context!.assumingMemoryBound(to: [String].self).pointee.append(String(cString: name!))
      }
    }
    providerNames = names
    devices = Set(OnnxDevice.allCases.filter { names.contains($0.providerName) })
  }
}

extension OnnxLibrary {
  /// What came of searching the places.
  struct Search: Sendable {
    var library: OnnxLibrary?
    /// What was tried before it was found, each with the reason why it is not used.
    var tried: [RuntimeReport.Attempt] = []
  }

  /// The first library that can be loaded. Remembered for each list of places: one process loads a library once.
  static func search(_ places: RuntimeSearchPath) -> Search {
    found.withLock { found in
      if let search = found[places] { return search }
      let search = load(from: places)
      if search.library != nil { found[places] = search }
      return search
    }
  }

  private static let found = Mutex<[RuntimeSearchPath: Search]>([:])

  private static func load(from places: RuntimeSearchPath) -> Search {
    var search = Search()
    for place in places.places {
      let candidates = place.candidates()
      if candidates.isEmpty {
        search.tried.append(
          RuntimeReport.Attempt(place: place.title, path: place.path, reason: "there is no libonnxruntime"))
      }
      for candidate in candidates {
        do {
          search.library = try OnnxLibrary(loading: candidate)
          return search
        } catch {
          let reason = error.cause ?? error.message
          search.tried.append(RuntimeReport.Attempt(place: place.title, path: candidate, reason: reason))
        }
      }
    }
    return search
  }
}

extension Failure {
  /// Why the library at `path` could not be loaded.
  fileprivate init(loading path: FilePath, _ error: cor_error) {
    let cause = Self.text(of: error)
    switch Int(error.code) {
    case Int(COR_TOO_OLD):
      self.init(
        .unsupportedVersion,
        "this ONNX Runtime is too old: 1.17 or newer is needed", path: path,
        cause: "version \(cause) is older than 1.17", remedy: Remedy(.installOnnxRuntime))
    case Int(COR_NOT_A_RUNTIME):
      self.init(.wrongFormat, "it is not an ONNX Runtime library", path: path, cause: cause)
    default:
      self.init(.runtimeMissing, "the ONNX Runtime library could not be loaded", path: path, cause: cause)
    }
  }

  /// What the runtime said, on one line.
  static func text(of error: cor_error) -> String {
    let text = unsafe withUnsafeBytes(of: error.message) {
      unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    return text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}

extension Failure.Code {
  /// ONNX Runtime is not there, or cannot be loaded.
  package static let runtimeMissing = Self(rawValue: "runtime-missing")
}
