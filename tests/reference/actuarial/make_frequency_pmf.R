# SPDX-License-Identifier: Apache-2.0
# Writes frequency_pmf.csv: probabilities of counts by R's stats and actuar. Run from this folder:
# Rscript make_frequency_pmf.R (Debian: r-cran-actuar, r-cran-jsonlite). Nothing of greenrisk is used.
#
# Negative binomial: R's size = shape, prob = 1 / (1 + beta). Logarithmic: actuar's prob = beta / (1 + beta).
# Poisson-inverse Gaussian: actuar's mean and dispersion, variance mean + dispersion * mean^3.
# Zero-truncated and zero-modified laws name their base and its parameters.
suppressMessages(library(actuar))
rows <- list()
put <- function(family, parameters, k, p) rows[[length(rows) + 1]] <<- data.frame(
  family = family,
  parameters = paste0('"', gsub('"', '""', jsonlite::toJSON(parameters, auto_unbox = TRUE, digits = NA)), '"'),
  k = k, pmf = sprintf("%.17g", p))
few <- c(0:12, 20, 35)
for (m in c(0.003, 0.7, 10)) put("Poisson", list(mean = m), few, dpois(few, m))
put("Poisson", list(mean = 1234.5), c(0, 1000, 1200, 1234, 1235, 1300, 1500),
    dpois(c(0, 1000, 1200, 1234, 1235, 1300, 1500), 1234.5))
put("Binomial", list(trials = 1, probability = 0.25), 0:3, dbinom(0:3, 1, 0.25))
put("Binomial", list(trials = 12, probability = 0.4), 0:14, dbinom(0:14, 12, 0.4))
put("Binomial", list(trials = 1000, probability = 0.002), few, dbinom(few, 1000, 0.002))
for (p in list(c(0.2, 5), c(1, 1.5), c(2.5, 0.8), c(40, 0.05)))
  put("NegativeBinomial", list(shape = p[1], beta = p[2]), few, dnbinom(few, p[1], 1 / (1 + p[2])))
put("ZeroTruncated", list(base = "Poisson", mean = 0.7), few, dztpois(few, 0.7))
put("ZeroTruncated", list(base = "Binomial", trials = 12, probability = 0.1), few, dztbinom(few, 12, 0.1))
put("ZeroTruncated", list(base = "NegativeBinomial", shape = 2.5, beta = 0.8), few, dztnbinom(few, 2.5, 1 / 1.8))
put("ZeroModified", list(base = "Poisson", mean = 1.3, probability_of_none = 0.6), few, dzmpois(few, 1.3, p0 = 0.6))
put("ZeroModified", list(base = "Poisson", mean = 1.3, probability_of_none = 0.05), few, dzmpois(few, 1.3, p0 = 0.05))
put("ZeroModified", list(base = "Binomial", trials = 12, probability = 0.1, probability_of_none = 0.5), few,
    dzmbinom(few, 12, 0.1, p0 = 0.5))
put("ZeroModified", list(base = "NegativeBinomial", shape = 2.5, beta = 0.8, probability_of_none = 0.35), few,
    dzmnbinom(few, 2.5, 1 / 1.8, p0 = 0.35))
for (b in c(0.01, 1.5, 30)) put("Logarithmic", list(beta = b), few, dlogarithmic(few, b / (1 + b)))
put("ZeroModified", list(base = "Logarithmic", beta = 1.5, probability_of_none = 0.4), few,
    dzmlogarithmic(few, 0.6, p0 = 0.4))
for (p in list(c(0.5, 2), c(3, 0.4), c(10, 1.5)))
  put("PoissonInverseGaussian", list(mean = p[1], dispersion = p[2]), few,
      dpoisinvgauss(few, mean = p[1], dispersion = p[2]))
file <- file("frequency_pmf.csv", "w")
writeLines(c("# P(N = k) of a number of losses N.",
  sprintf("# Made by make_frequency_pmf.R with %s, actuar %s, %s.", R.version.string, packageVersion("actuar"),
          Sys.Date()),
  "# Tolerance: relative 1e-12 (R works in double precision)."), file)
write.table(do.call(rbind, rows), file, sep = ",", quote = FALSE, row.names = FALSE)
close(file)
