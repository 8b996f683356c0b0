# SPDX-License-Identifier: Apache-2.0
# Writes wetland_costs.csv: habitat equivalency by numerical integration, and small covers by actuar. Run from this folder:
# Rscript make_wetland_costs.R (Debian: r-base-core, r-cran-actuar; R 4.2.2, actuar 3.3-2; some seconds).
# Nothing of greenrisk is used.
#
# loss(delay, recovery, rate): services of one hectare lost whole, back in a line: stats::integrate of both pieces.
# gain(start, maturity, life, rate): services of a project of full services 1: stats::integrate of both pieces.
# yearly(recovery, rate): mean of begin and end of each year, discounted from its begin (the convention of NOAA).
# trees_*: damage degrees Beta(a, b) paid from 0.2 on, sum insured 50,000, rescue a tenth; claims_*: lognormal less a
# deductible up to a limit (actuar::levlnorm). Numbers of claims: negative binomial, variance mean + (cv mean)^2.
# *_limited: mean of the year under an annual limit, stats::fft of the pgf on 2^18 cells of actuar::discretize (unbiased).
# Tolerance: 1e-8 relative; of *_limited 1e-5, the step of its grid.
suppressMessages(library(actuar))
rows <- list()
put <- function(quantity, value, ...) {
  given <- c(..., rep(NA, 8))[1:8]
  rows[[length(rows) + 1]] <<- data.frame(quantity = quantity, t(setNames(given, letters[1:8])), value = value)
}
area <- function(f, from, to) if (to > from) integrate(f, from, to, rel.tol = 1e-12)$value else 0

for (delay in c(0, 1, 2.5)) for (recovery in c(0.5, 6, 40)) for (rate in c(0, 0.03, 0.08)) {
  discount <- function(t) (1 + rate)^-t
  put("loss", area(discount, 0, delay) +
    area(function(t) (1 - (t - delay) / recovery) * discount(t), delay, delay + recovery), delay, recovery, rate)
}
for (start in c(0, 2)) for (maturity in c(0, 12)) for (life in c(12, 50)) for (rate in c(0, 0.03, 0.08)) {
  discount <- function(t) (1 + rate)^-(start + t)
  put("gain", area(function(t) t / maturity * discount(t), 0, maturity) + area(discount, maturity, life),
    start, maturity, life, rate)
}
for (recovery in c(1, 6, 40)) for (rate in c(0, 0.03, 0.08)) {
  left <- seq(1, 0, length.out = recovery + 1)
  put("yearly", sum((head(left, -1) + tail(left, -1)) / 2 / (1 + rate)^(seq_len(recovery) - 1)), recovery, rate)
}

limited <- function(cdf, lev, top, mean_n, cv, limit, step) {
  cells <- 2^18
  pmf <- discretize(cdf(x), from = 0, to = top, step = step, method = "unbiased", lev = lev(x))
  pmf[1] <- pmf[1] + cdf(0) # losses up to the deductible, which discretize leaves out
  z <- fft(c(pmf, rep(0, cells - length(pmf))))
  p <- Re(fft((1 - cv^2 * mean_n * (z - 1))^(-1 / cv^2), inverse = TRUE)) / cells
  stopifnot(abs(sum(p) - 1) < 1e-9, max(abs(tail(p, 1000))) < 1e-10)
  sum(pmin((seq_len(cells) - 1) * step, limit) * p)
}
compound <- function(mean_n, cv, m1, m2) c(mean_n * m1, mean_n * (m2 - m1^2) + (mean_n + (cv * mean_n)^2) * m1^2)

for (case in list(c(600, 0.01, 0.5, 0.5, 2), c(800, 0.004, 0.8, 0.35, 2), c(50, 0.02, 1.2, 0.6, 5))) {
  a <- case[4] * case[5]; b <- (1 - case[4]) * case[5]
  paid <- pbeta(0.2, a, b, lower.tail = FALSE); unit <- 55000
  m <- sapply(1:2, function(k) area(function(d) d^k * dbeta(d, a, b), 0.2, 1)) / paid * unit^(1:2)
  found <- compound(case[1] * case[2] * paid, case[3], m[1], m[2])
  put("trees_mean", found[1], case); put("trees_variance", found[2], case)
}
for (case in list(c(2000, 0.05, 0.5, 1000, 1, 300, 20000), c(3000, 0.03, 0.5, 1500, 1, 0, 10000),
                  c(500, 0.01, 0.3, 10000, 2, 0, 1e6), c(100, 0.03, 0.3, 12000, 1.8, 2000, 2e5))) {
  mu <- log(case[4]); s <- case[5]; d <- case[6]; l <- case[7]
  m1 <- levlnorm(d + l, mu, s) - levlnorm(d, mu, s)
  m2 <- levlnorm(d + l, mu, s, 2) - levlnorm(d, mu, s, 2) - 2 * d * m1
  found <- compound(case[1] * case[2], case[3], m1, m2)
  put("claims_mean", found[1], case); put("claims_variance", found[2], case)
  lev <- function(x) levlnorm(d + pmin(x, l), mu, s) - levlnorm(d, mu, s)
  cdf <- function(x) ifelse(x >= l, 1, plnorm(d + x, mu, s))
  n <- case[1] * case[2]
  put("claims_limited", limited(cdf, lev, l, n, case[3], 1.2 * found[1], l / 2000), case, 1.2 * found[1])
}
table <- do.call(rbind, rows)
write.csv(format(table, digits = 15, trim = TRUE), "wetland_costs.csv", row.names = FALSE, quote = FALSE)
cat(nrow(table), "rows; R", R.version$major, R.version$minor, "actuar", as.character(packageVersion("actuar")), "\n")
