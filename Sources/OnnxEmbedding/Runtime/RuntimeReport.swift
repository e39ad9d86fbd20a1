package import Primitives

/// What `cairn model runtime` shows: which ONNX Runtime was found, where, what it can run on, and why not on the rest.
package struct RuntimeReport: Hashable, Sendable {
  /// A library that was tried and is not used.
  package struct Attempt: Hashable, Sendable {
    package var place: String
    package var path: FilePath?
    package var reason: String
  }

  /// "1.31.1"; nil if no library can be used.
  package var version: String?
  package var path: FilePath?
  package var tried: [Attempt]
  /// Devices whose parts are in the library, best first. Whether they work shows when a model is opened on them.
  package var devices: [OnnxDevice]
  package var declined: [DeclinedDevice]
  /// Parts of the library that Cairn does not use.
  package var otherProviders: [String]

  /// Looks through `places` and loads what is found there.
  package init(_ places: RuntimeSearchPath = .ofThisProcess()) {
    let search = OnnxLibrary.search(places)
    tried = search.tried
    version = search.library?.version
    path = search.library?.path
    let present = search.library?.devices ?? []
    devices = OnnxDevice.allCases.filter(present.contains)
    declined = OnnxDevice.allCases.filter { !present.contains($0) }.map { device in
      DeclinedDevice(
        device: device,
        reason: search.library == nil ? "no ONNX Runtime" : "this build of ONNX Runtime has no part for it")
    }
    let known = Set(OnnxDevice.allCases.map(\.providerName))
    otherProviders = (search.library?.providerNames ?? []).filter { !known.contains($0) }
  }

  /// The report for people, one fact a line.
  package var lines: [String] {
    var lines: [String] = []
    if let version, let path {
      lines.append("ONNX Runtime \(version) at \(path)")
      lines.append("devices: \(devices.map(\.title).joined(separator: ", "))")
      for each in declined { lines.append("not \(each.device.title): \(each.reason)") }
      if !otherProviders.isEmpty { lines.append("not used by Cairn: \(otherProviders.joined(separator: ", "))") }
    } else {
      lines.append("no ONNX Runtime")
    }
    for attempt in tried {
      lines.append("looked in \(attempt.place)\(attempt.path.map { " (\($0))" } ?? ""): \(attempt.reason)")
    }
    return lines
  }

  /// The failure of a caller that needs the runtime and has none.
  var failure: Failure {
    let reasons = tried.map { "\($0.path.map(\.description) ?? $0.place): \($0.reason)" }.joined(separator: "; ")
    return Failure(
      .runtimeMissing, "this model needs ONNX Runtime, which was not found", cause: reasons.isEmpty ? nil : reasons,
      remedy: Remedy(.installOnnxRuntime))
  }
}
