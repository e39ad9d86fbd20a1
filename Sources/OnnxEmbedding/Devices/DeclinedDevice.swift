/// A device that is not used, and why.
package struct DeclinedDevice: Hashable, Sendable {
  package var device: OnnxDevice
  package var reason: String

  package init(device: OnnxDevice, reason: String) {
    self.device = device
    self.reason = reason
  }
}
