variable "region" {
  default = "eu"
}

# A machine.
resource "aws_instance" "web" {
  ami = "x"
  tags {
    name = "shop"
  }
}

locals {
  size = 3
}
