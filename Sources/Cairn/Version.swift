/// The version of Cairn, as `cairn --version` prints it.
public let version = "0.1.0"
/// The day of that version, as manual pages have it.
package let versionDate = "2026-11-30"
