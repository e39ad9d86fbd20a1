# A Nix flake that packs the tarball of a release. Not tried: there is no Nix where Cairn is built, and no place yet that
# the tarball is published at. Scripts/release fills in the version and the hash.
{
  description = "Code search for a repository on your machine";
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
  outputs = { self, nixpkgs }:
    let
      pkgs = nixpkgs.legacyPackages.x86_64-linux;
      version = "@VERSION@";
    in {
      packages.x86_64-linux.default = pkgs.stdenv.mkDerivation {
        pname = "cairn-search";
        inherit version;
        src = pkgs.fetchurl {
          url = "@HOME@/releases/cairn-${version}-linux-x86_64.tar.xz";
          hash = "@SRI@";
        };
        # The program asks for nothing but the C library, by the path that Nix does not have.
        nativeBuildInputs = [ pkgs.autoPatchelfHook ];
        installPhase = ''
          mkdir -p $out
          cp -r bin share $out/
        '';
        meta = {
          license = pkgs.lib.licenses.asl20;
          mainProgram = "cairn";
          platforms = [ "x86_64-linux" ];
        };
      };
    };
}
