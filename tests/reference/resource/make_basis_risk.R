# Reference of the measures of basis risk, by base R alone: cor() of three kinds, binom.test(), and the bivariate normal
# law by numerical integration of its conditional form. Run: Rscript make_basis_risk.R (writes basis_risk.csv beside itself).
options(digits = 17)
# Made with R 4.2.2. Tolerance of the test: 1e-12; 1e-9 where the law is integrated.
loss <- c(33.0, 7.3, 14.4, 4.1, 7.5, 15.8, 3.3, 1.9, 7.1, 4.8, 4.9, 4.1, 3.0)
payout <- c(20, 6, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0)
index <- c(10.1, 4.9, 3.6, 4.7, 2.8, 1.9, 0.28, 0.32, 0.96, 0.65, 0.86, 0.28, 0.28)
rows <- data.frame(quantity = character(), a = numeric(), b = numeric(), c = numeric(), value = numeric())
put <- function(quantity, a, b, c, value) rows[nrow(rows) + 1, ] <<- list(quantity, a, b, c, value)
for (kind in c("pearson", "spearman", "kendall")) {
  put(paste0(kind, "_payout"), NA, NA, NA, cor(loss, payout, method = kind))
  put(paste0(kind, "_index"), NA, NA, NA, cor(loss, index, method = kind))
}
for (case in list(c(2, 3), c(0, 3), c(3, 3), c(1, 8), c(17, 40))) {
  ends <- binom.test(case[1], case[2], conf.level = 0.90)$conf.int
  put("share_low", case[1], case[2], NA, ends[1])
  put("share_high", case[1], case[2], NA, ends[2])
}
both <- function(p, q, r) { # P(Z1 > z_p, Z2 > z_q)
  integrate(function(x) dnorm(x) * pnorm((r * x - qnorm(1 - q)) / sqrt(1 - r^2)), qnorm(1 - p), Inf, rel.tol = 1e-12)$value
}
for (rank in c(-0.5, 0, 0.3, 0.6, 0.85)) for (p in c(0.5, 0.2, 0.05, 0.01)) {
  q <- if (p == 0.05) 0.1 else p
  put("both", rank, p, q, both(p, q, 2 * sin(pi * rank / 6)))
}
here <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
write.csv(rows, file.path(dirname(here), "basis_risk.csv"), row.names = FALSE)
cat("R", R.version$major, R.version$minor, "\n")
