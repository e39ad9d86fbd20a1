import QueryLanguage
import Testing

/// Names with signs, as they are typed without quotation marks.
@Suite struct SignedNameTests {
  @Test(arguments: [
    ("operator<<", SignedName.Kind.cppOperator, "operator<<"), ("std::vector::operator[]", .cppOperator, "operator[]"),
    ("Big::operator()()", .cppOperator, "operator()"), ("operator >>", .cppOperator, "operator>>"),
    ("Foo::operator->", .cppOperator, "operator->"), ("save!", .marked, "save!"), ("Banged#save!", .marked, "save!"),
    ("`empty?`", .marked, "empty?"), ("println!()", .marked, "println!"), ("set-car!", .marked, "set-car!"),
    ("name=", .marked, "name="), ("foldl'", .marked, "foldl'"), ("def <=>", .definedSigns, "def <=>"),
    ("@lock", .sigil, "@lock"), ("$VERSION", .sigil, "$VERSION"), (":through", .sigil, ":through"),
    ("std::thread::~thread()", .sigil, "~thread"), ("#define EOF", .sigil, "#define EOF"),
    ("// Deprecated:", .sigil, "// Deprecated:"), ("operator delete", .definedSigns, "operator delete"),
    ("--sort", .option, "--sort"), ("-Wall", .option, "-Wall"), ("--no-verify", .option, "--no-verify"),
    ("fetch:completion:", .selector, "fetch:completion:"), ("initWithFrame:", .selector, "initWithFrame:"),
  ])
  func `a name with signs is known by its shape`(text: String, kind: SignedName.Kind, name: String) throws {
    let signed = try #require(QueryParser().parse(text).signed)
    #expect(signed.kind == kind && signed.text == name)
  }

  @Test(arguments: [
    "operator", "cooperator<<", "operator@", "save", "todo:", "don't", "'save'", "how do I save!", "a=", "-x", "--",
    "---", "a:b", "foo::bar", "v1.2.3-beta", "x == y", "=>", "C++", "\"save!\"", "e-mail", "is there one?", "x = y!",
  ])
  func `what is no such name has none`(text: String) { #expect(QueryParser().parse(text).signed == nil) }

  @Test(arguments: [
    ("save!", "x.save!(a)", true), ("save!", "x.save(a)", false), ("save!", "unsave!", false),
    ("save!", "save != x", false), ("save!", "save!= x", false), ("set!", "(vector-set! v)", false),
    ("operator<<", "out operator << (b)", true), ("operator<", "operator<<(b)", false),
    ("operator-", "operator->()", false), ("--sort", "[--sort=KEY]", true), ("--sort", "--sort-by", false),
    ("--sort", "-- sort", false), ("-sort", "--sort", false), ("-Wall", "a-Wall", false),
    ("fetch:done:", "[a fetch:@\"x\" done:^(id r) { [b c:r; d:e]; }];", true),
    ("fetch:done:", "- (void)fetch:(NSString *)x\n     done:(Block)done {", true),
    ("fetch:done:", "[a fetch:x]; [b done:y];", false), ("fetch:done:", "[a fetch:[b done:x]]", false),
  ])
  func `it stands where nothing beside it makes another name of it`(name: String, text: String, stands: Bool) throws {
    let signed = try #require(SignedName([name]))
    let bytes = Array(text.utf8)
    let found = signed.stands(in: bytes.span)
    #expect(found == stands)
  }
}
