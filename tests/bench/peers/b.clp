; Workload B in CLIPS: the rows of one partnership as facts, (ready) once they are all there.
(deftemplate answers
  (slot id) (slot partner) (slot comment)
  (slot q01) (slot q02) (slot q03) (slot q04) (slot q05) (slot q06) (slot q07) (slot q08)
  (slot q09) (slot q10) (slot q11) (slot q12) (slot q13) (slot q14) (slot q15) (slot q16)
  (slot q17) (slot q18) (slot q19) (slot q20) (slot q21) (slot q22) (slot q23) (slot q24)
  (slot q25) (slot q26) (slot q27) (slot q28) (slot q29) (slot q30) (slot q31) (slot q32)
  (slot q33) (slot q34) (slot q35) (slot q36) (slot q37) (slot q38) (slot q39) (slot q40))
(deftemplate diag (slot name) (slot cf))
(deftemplate compared (slot name) (slot question))
(deftemplate spread (slot name) (slot partner) (slot question))

(deffacts watched
  (compared (name GAP01) (question q01)) (compared (name GAP02) (question q02))
  (compared (name GAP03) (question q03)) (compared (name GAP04) (question q04))
  (compared (name GAP05) (question q05)) (compared (name GAP06) (question q06))
  (compared (name GAP07) (question q07)) (compared (name GAP08) (question q08))
  (compared (name GAP09) (question q09)) (compared (name GAP10) (question q10))
  (spread (name SPA01) (partner A) (question q11)) (spread (name SPA02) (partner A) (question q12))
  (spread (name SPA03) (partner A) (question q13)) (spread (name SPA04) (partner A) (question q14))
  (spread (name SPA05) (partner A) (question q15)) (spread (name SPB01) (partner B) (question q11))
  (spread (name SPB02) (partner B) (question q12)) (spread (name SPB03) (partner B) (question q13))
  (spread (name SPB04) (partner B) (question q14)) (spread (name SPB05) (partner B) (question q15)))

; The difference of the two sides' means, 0 where one side has no answer.
(deffunction gap (?question)
  (bind ?sum-a 0) (bind ?sum-b 0) (bind ?count-a 0) (bind ?count-b 0)
  (do-for-all-facts ((?f answers)) (> (fact-slot-value ?f ?question) 0)
    (if (eq ?f:partner A)
      then (bind ?sum-a (+ ?sum-a (fact-slot-value ?f ?question))) (bind ?count-a (+ ?count-a 1))
      else (bind ?sum-b (+ ?sum-b (fact-slot-value ?f ?question))) (bind ?count-b (+ ?count-b 1))))
  (if (or (= ?count-a 0) (= ?count-b 0)) then (return 0.0))
  (abs (- (/ ?sum-a ?count-a) (/ ?sum-b ?count-b))))

(deffunction rows-of (?partner)
  (bind ?count 0)
  (do-for-all-facts ((?f answers)) (eq ?f:partner ?partner) (bind ?count (+ ?count 1)))
  ?count)

; Highest minus lowest answer of a side, 0 where it has none.
(deffunction spread-of (?partner ?question)
  (bind ?low 9) (bind ?high 0)
  (do-for-all-facts ((?f answers))
      (and (eq ?f:partner ?partner) (> (fact-slot-value ?f ?question) 0))
    (bind ?low (min ?low (fact-slot-value ?f ?question)))
    (bind ?high (max ?high (fact-slot-value ?f ?question))))
  (max 0 (- ?high ?low)))

(defrule gap
  (ready)
  (compared (name ?name) (question ?question))
  =>
  (bind ?gap (gap ?question))
  (if (>= ?gap 1.5) then (assert (diag (name ?name) (cf (/ ?gap 4))))))

(defrule spread
  (ready)
  (spread (name ?name) (partner ?partner) (question ?question))
  =>
  (if (and (>= (rows-of ?partner) 2) (>= (spread-of ?partner ?question) 3))
    then (assert (diag (name ?name) (cf 0.5)))))

(defrule both
  (ready)
  =>
  (if (and (>= (rows-of A) 2) (>= (rows-of B) 2)) then (assert (diag (name BOTH) (cf 0.8)))))

(defrule x01 (declare (salience -10))
  (diag (name GAP01) (cf ?a)) (diag (name GAP02) (cf ?b))
  => (assert (diag (name X01) (cf (* 0.8 (min ?a ?b))))))

(defrule x02 (declare (salience -10))
  (diag (name GAP03) (cf ?a)) (diag (name BOTH) (cf ?b))
  => (assert (diag (name X02) (cf (* 0.9 (min ?a ?b))))))

(defrule x03 (declare (salience -10))
  (diag (name GAP05) (cf ?a)) (not (diag (name SPA01)))
  => (assert (diag (name X03) (cf (* 0.6 ?a)))))

(defrule x04 (declare (salience -10))
  (diag (name GAP07) (cf ?a)) (diag (name GAP08) (cf ?b)) (not (diag (name SPB02)))
  => (assert (diag (name X04) (cf (* 0.7 (min ?a ?b))))))
