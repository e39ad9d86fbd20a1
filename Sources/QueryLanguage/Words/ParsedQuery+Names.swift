extension ParsedQuery {
  /// The names that neighbouring words would make in code, words of grammar left out: `parse the date` gives
  /// `parsedate` and `parse_date`.
  package var joinedNames: [String] {
    var words: [String] = []
    for term in terms where term.isPlainWord { words.append(term.word) }
    var names: [String] = []
    for start in words.indices {
      var (joined, snake) = (words[start], words[start])
      for word in words[(start + 1)...].prefix(Self.longestJoin - 1) {
        joined += word
        snake += "_"
        snake += word
        names.append(joined)
        names.append(snake)
      }
    }
    return names
  }

  /// Words more than this apart are not one name.
  private static let longestJoin = 3

  /// The names of what the query wants done, when it begins with an action and its object: `parse a date` gives
  /// `parsedate` and `parse_date`. A first word behind an article is a thing and no action.
  package var actionNames: [String] {
    guard shape == .words || shape == .mixed,
      let first = terms.firstIndex(where: \.isPlainWord),
      first == 0 || !Self.articles.contains(terms[first - 1].word),
      let object = terms[(first + 1)...].first(where: \.isPlainWord)
    else { return [] }
    let action = terms[first].word
    guard Self.verbs.contains(action) else { return [] }
    return [action + object.word, action + "_" + object.word]
  }

  /// What programs do, as names of functions say it. Any other first word is a thing: `usb hub port reset` asks for no
  /// `usb_hub`.
  private static let verbs: Set<String> = Set(
    """
    abort accept acquire add allocate append apply assign attach await begin bind block build calculate call cancel
    check clean clear clone close collect compare compile complete compress compute connect convert copy count
    create decode decompress decrypt delete deserialize destroy detach detect disable discard dispatch display
    download draw emit enable encode encrypt ensure enqueue escape evaluate execute exit expand export extract fetch
    fill filter find finish flatten flush fold format forward free generate get group guess handle hash hide import
    include increment index infer inherit init initialize insert inspect install intern invoke iterate join kill
    launch listen load locate lock log look lookup make map mark match measure merge mix mount move normalize notify
    open order pack pad parse patch pause peek poll pop prepare prevent print process publish pull push put query
    quote raise read rebuild receive redirect reduce refresh register reject release reload remove rename render
    repeat replace report request reset resize resolve restart restore resume retry return reverse rewrite rotate
    round run sanitize save scan schedule search seek select send serialize set show shuffle shut skip sleep solve
    sort spawn split start stop store stream strip submit subscribe swap switch sync take test throw toggle trace
    track transform translate traverse trim truncate unescape unlock unpack unregister update upload validate verify
    visit wait wake walk watch wrap write yield zip
    """.split(whereSeparator: \.isWhitespace).map(String.init))

  private static let articles: Set = ["a", "an", "the", "this", "that", "its", "their", "each", "every", "which"]
}
