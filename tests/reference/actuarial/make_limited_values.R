# SPDX-License-Identifier: Apache-2.0
# Answers make_limited_values.py: reads lines "family<TAB>parameters (json)<TAB>limit<TAB>power", prints actuar's
# limited moment of each with 17 digits, NA where actuar has none. Debian: r-cran-actuar, r-cran-jsonlite.
suppressMessages(library(actuar))
input <- file("stdin")
lines <- strsplit(readLines(input), "\t")
close(input)
value <- function(family, p, d, k) switch(family,
  Lognormal = levlnorm(d, p$mu, p$sigma, order = k),
  Exponential = levexp(d, rate = 1 / p$scale, order = k),
  Gamma = levgamma(d, p$shape, scale = p$scale, order = k),
  Weibull = levweibull(d, p$shape, scale = p$scale, order = k),
  Pareto = levpareto1(d, p$shape, min = p$threshold, order = k),
  ParetoII = levpareto(d, p$shape, scale = p$scale, order = k),
  GeneralisedPareto = if (p$shape > 1e-6) levpareto2(d, min = p$threshold, shape = 1 / p$shape,
                                                    scale = p$scale / p$shape, order = k) else NA,
  Burr = levburr(d, shape1 = p$alpha, shape2 = p$gamma, scale = p$scale, order = k),
  Loglogistic = levllogis(d, p$shape, scale = p$scale, order = k),
  InverseGaussian = if (k == 1) levinvgauss(d, mean = p$mean, shape = p$shape, order = 1) else NA,
  Beta = p$scale^k * levbeta(d / p$scale, p$a, p$b, order = k))
for (line in lines) {
  p <- jsonlite::fromJSON(line[2])
  limit <- if (line[3] == "inf") Inf else as.numeric(line[3])
  # Below the threshold actuar answers 0 where min(X, limit) is the limit itself: left out.
  answer <- if (limit <= max(p$threshold, 0)) NA else
    suppressWarnings(value(line[1], p, limit, as.integer(line[4])))
  cat(if (is.na(answer)) "NA" else sprintf("%.17g", answer), "\n", sep = "")
}
