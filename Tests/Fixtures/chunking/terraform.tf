resource "aws_s3_bucket" "logs" {
  bucket = "logs"
}

module "network" {
  source = "./network"
}

output "name" {
  value = 1
}
