from nlu.training import Recipe
OUT="out_of_scope"
INTENT = Recipe(cost=1.0, bayes=0.2, shifts={OUT: -0.5})
