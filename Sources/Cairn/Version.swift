/// The version of Cairn, as `cairn --version` prints it.
public let version = "0.1.0"
