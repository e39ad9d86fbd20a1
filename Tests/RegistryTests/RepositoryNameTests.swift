import Cairn
import Primitives
import Registry
import Testing

@Suite struct RepositoryNameTests {
  @Test(arguments: ["api", "a", "web-2.0", "c++", "über", "проект", "9lives"])
  func `letters, digits and four signs make a name`(name: String) {
    #expect(RepositoryName.problem(with: name) == nil)
  }

  @Test(arguments: [
    "", ".", "..", ".git", "-x", "--all", "a/b", "/a", "a b", "a\nb", "a\u{1B}[2J", "*", "a:b", "a\u{202E}b", "a\u{0}",
    "~", "a,b", "'a'", "$(a)", String(repeating: "x", count: 65),
  ])
  func `paths, options, patterns and what a terminal acts on are no names`(name: String) {
    #expect(RepositoryName.problem(with: name) != nil)
  }

  @Test func `names that differ only in case are one`() {
    #expect(RepositoryName.areSame("API", "api") && !RepositoryName.areSame("api", "apis"))
  }
}

@Suite struct GitAddressTests {
  @Test(arguments: [
    "https://github.com/curl/curl", "https://example.org:8443/a/b.git", "ssh://git@example.org/a.git",
    "git@github.com:curl/curl.git", "git://example.org/a", "file:///srv/git/a.git",
  ])
  func `addresses over https, ssh, git and of files can be cloned`(text: String) throws {
    #expect(try GitAddress(text).text == text)
    #expect(GitAddress.isMeant(by: text) { _ in false })
  }

  @Test(arguments: [
    "http://example.org/a", "ext::sh -c touch% /tmp/x", "ext::sh", "fd::17", "ftp://example.org/a", "-uhttps://x/y",
    "https://user:secret@example.org/a", "https://ghp_token@example.org/a", "ssh://u:secret@example.org/a",
    "u:secret@example.org:a", "https://-oProxyCommand=x/a", "ssh://-oProxyCommand=touch/a", "-oProxyCommand=x:a",
    "https://example.org/a\nb", "https://example.org/a?token=secret", "file://host/a", "https:///a", "plain",
    "https://example.org/\u{202E}a",
  ])
  func `no other protocol, no password, no option and nothing hidden is an address`(text: String) {
    do {
      _ = try GitAddress(text)
      Issue.record("\(text) was taken")
    } catch {
      #expect(error.code == .invalidArgument && !error.description.contains("secret"), "\(error)")
    }
  }

  @Test func `a file that is there is a path, whatever its name looks like`() {
    #expect(!GitAddress.isMeant(by: "a:b") { $0 == "a:b" } && GitAddress.isMeant(by: "a:b") { _ in false })
    #expect(!GitAddress.isMeant(by: "dir/a:b") { _ in false } && !GitAddress.isMeant(by: "plain") { _ in false })
  }
}
