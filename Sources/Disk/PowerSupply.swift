package import Primitives

/// Where the machine has its power from.
package enum PowerSupply {
  /// Whether it runs on its battery: no other supply is connected, and a battery of its own is being discharged. False
  /// where the system does not tell, as on a machine without one. Reads some small files, which may take the battery's
  /// controller milliseconds: not to be asked for often.
  ///
  /// - Parameter root: where `sys` is; only a test has another.
  package static func isBattery(root: FilePath = "/") -> Bool {
    let supplies = root.appending("sys/class/power_supply")
    var isDischarging = false
    for entry in (try? listDirectory(supplies)) ?? [] {
      func property(_ name: FilePath) -> String {
        let text = (try? readSystemFile(supplies.appending(entry.name).appending(name), limit: 256)) ?? ""
        return String(text.prefix { $0 != "\n" })
      }
      switch property("type") {
      case "Battery", "UPS":
        // That of a mouse or a keyboard is of the scope `Device`.
        if property("scope") != "Device", property("status") == "Discharging" { isDischarging = true }
      default:
        // `Mains`, `USB`, `Wireless`.
        if property("online") == "1" { return false }
      }
    }
    return isDischarging
  }
}
