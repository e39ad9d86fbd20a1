import Embedding
import Primitives
import Synchronization

/// A model on the best device that works. When a device fails, the next one down takes over for good: at opening, and
/// in the middle of a run. Thread-safe.
final class DeviceLadder: Sendable {
  /// A session, and which rung it stands on.
  struct Footing: Sendable {
    let session: any InferenceSession
    let device: OnnxDevice
    fileprivate let rung: Int
  }

  private struct State: Sendable {
    var footing: Footing?
    /// The index in `order` of the device that is tried next.
    var next = 0
    var declined: [DeclinedDevice] = []
    var lastFailure: Failure?
  }

  private let order: [OnnxDevice]
  private let opener: any SessionOpener
  /// Whether a session that opened also works; throws where it does not.
  private let check: @Sendable (any InferenceSession) throws(Failure) -> Void
  /// Told one line when a device was chosen, and again when it changes.
  private let report: @Sendable (String) -> Void
  private let state = Mutex(State())

  /// Opens the model on the first device of `order` that works. Throws the failure of the last one where none does; a
  /// file that is missing or damaged is no fault of a device and is thrown at once.
  init(
    _ order: [OnnxDevice], opener: any SessionOpener, report: @escaping @Sendable (String) -> Void,
    check: @escaping @Sendable (any InferenceSession) throws(Failure) -> Void
  ) throws(Failure) {
    self.order = order
    self.opener = opener
    self.report = report
    self.check = check
    _ = try footing()
  }

  /// The session to use now.
  func footing() throws(Failure) -> Footing {
    let result: Result<(Footing, String?), Failure> = state.withLock { state in
      do throws(Failure) {
        if let footing = state.footing { return .success((footing, nil)) }
        let footing = try descend(&state)
        return .success((footing, Self.line(footing.device, state.declined)))
      } catch {
        return .failure(error)
      }
    }
    let (footing, line) = try result.get()
    if let line { report(line) }
    return footing
  }

  /// Gives up the device of `footing`, because of `failure`; the next caller gets the one below. Throws where there
  /// is none. Of several threads that see the same device fail, the first is heard.
  func stepDown(from footing: Footing, because failure: Failure) throws(Failure) {
    let isLast = state.withLock { state in
      guard state.footing?.rung == footing.rung else { return state.footing == nil && state.next == order.count }
      state.footing = nil
      state.declined.append(DeclinedDevice(device: footing.device, reason: Self.reason(failure)))
      state.lastFailure = failure
      return state.next == order.count
    }
    if isLast { throw failure }
    _ = try self.footing()
  }

  /// The device in use, and those above it that are not, with the reasons.
  var outcome: (device: OnnxDevice?, declined: [DeclinedDevice]) {
    state.withLock { ($0.footing?.device, $0.declined) }
  }

  /// "on CPU (not CUDA: ...)"
  var line: String {
    state.withLock { state in state.footing.map { Self.line($0.device, state.declined) } ?? "on no device" }
  }

  private func descend(_ state: inout State) throws(Failure) -> Footing {
    while state.next < order.count {
      let device = order[state.next]
      let rung = state.next
      state.next += 1
      guard opener.devices.contains(device) else {
        let reason = "not in this build of ONNX Runtime"
        state.declined.append(DeclinedDevice(device: device, reason: reason))
        continue
      }
      do {
        let session = try opener.open(on: device)
        try check(session)
        let footing = Footing(session: session, device: device, rung: rung)
        state.footing = footing
        return footing
      } catch {
        if [.damaged, .notFound, .unsupportedModel].contains(error.code) { throw error }
        state.declined.append(DeclinedDevice(device: device, reason: Self.reason(error)))
        state.lastFailure = error
      }
    }
    throw state.lastFailure
      ?? Failure(
        .deviceFailed, "this build of ONNX Runtime has no part for \(order.map(\.title).joined(separator: ", "))")
  }

  private static func reason(_ failure: Failure) -> String { failure.cause ?? failure.message }

  /// Devices with the same reason are named together: "on CPU (not on CUDA and CoreML: not in this build ...)".
  private static func line(_ device: OnnxDevice, _ declined: [DeclinedDevice]) -> String {
    var groups: [(reason: String, titles: [String])] = []
    for each in declined {
      if let group = groups.firstIndex(where: { $0.reason == each.reason }) {
        groups[group].titles.append(each.device.title)
      } else {
        groups.append((each.reason, [each.device.title]))
      }
    }
    if groups.isEmpty { return "on \(device.title)" }
    let others = groups.map { "\($0.titles.joined(separator: ", ")): \($0.reason)" }.joined(separator: "; ")
    return "on \(device.title) (not on \(others))"
  }
}

/// A device that is not used, and why.
package struct DeclinedDevice: Hashable, Sendable {
  package var device: OnnxDevice
  package var reason: String

  package init(device: OnnxDevice, reason: String) {
    self.device = device
    self.reason = reason
  }
}
