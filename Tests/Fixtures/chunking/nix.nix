{ pkgs, lib, ... }:
let
  version = "1";
in
{
  # The shop.
  packages.shop = pkgs.stdenv.mkDerivation {
    name = "shop";
  };
  build = { x }: x + 1;
}
