/// One indexed source tree.
public struct Workspace: Sendable {
  public init() {}
}
