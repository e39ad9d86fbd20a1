/// A question that is to be answered in words.
///
///     var request = AskRequest("how does a session expire?")
///     request.search.paths = ["src/**"]
///     let response = try await workspace.ask(request)
public struct AskRequest: Hashable, Sendable {
  /// The question, and the filters for what is retrieved. How many hits there are and how much of each is shown follows
  /// from `tokenLimit`.
  public var search: SearchRequest
  /// About how many tokens the prompt may have, the rules and the question among them.
  public var tokenLimit = 6000
  /// The chat model; nil chooses between `code_llm_model` and `general_llm_model`.
  public var model: String?
  /// Whether only the context is wanted, and nothing is sent anywhere.
  public var isContextOnly = false

  public init(_ question: String) { search = SearchRequest(question) }
}
