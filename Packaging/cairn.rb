# A Homebrew formula for Linux. Not tried: there is no Homebrew where Cairn is built, and no place yet that the tarball
# is published at. Scripts/release fills in the version and the sum.
# macOS is not built at all yet.
class Cairn < Formula
  desc "Code search for a repository on your machine"
  homepage "@HOME@"
  url "@HOME@/releases/cairn-@VERSION@-linux-x86_64.tar.xz"
  sha256 "@SHA256@"
  license "Apache-2.0"

  depends_on arch: :x86_64
  depends_on :linux

  def install
    bin.install "bin/cairn"
    man1.install Dir["share/man/man1/*"]
    man5.install Dir["share/man/man5/*"]
    bash_completion.install "share/bash-completion/completions/cairn"
    zsh_completion.install "share/zsh/site-functions/_cairn"
    fish_completion.install "share/fish/vendor_completions.d/cairn.fish"
    doc.install Dir["share/doc/cairn/*"]
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/cairn --version")
    (testpath/"src/a.py").write "def retry_limit():\n    return 3\n"
    assert_match "a.py", shell_output("#{bin}/cairn search retry_limit --root #{testpath}/src")
  end
end
