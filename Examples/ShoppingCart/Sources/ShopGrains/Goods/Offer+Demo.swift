extension [Offer] {
    /// What the demo shop sells.
    public static var demo: [Offer] {
        [
            Offer(
                Product(
                    id: "rye-flour", name: "Rye flour", summary: "Stone-ground wholemeal from the valley mill, 1 kg.",
                    picture: "wheat", price: 349), count: 40),
            Offer(
                Product(
                    id: "honey", name: "Lime-blossom honey", summary: "One jar of one summer, unheated, 500 g.",
                    picture: "honey", price: 890), count: 24),
            Offer(
                Product(
                    id: "coffee", name: "Coffee beans", summary: "Medium roast, roasted this week, 250 g.",
                    picture: "coffee", price: 1_190), count: 30),
            Offer(
                Product(
                    id: "teapot", name: "Iron teapot", summary: "Holds 0.8 l and outlives its owner.",
                    picture: "teapot",
                    price: 5_900), count: 6),
            Offer(
                Product(
                    id: "apples", name: "Russet apples", summary: "A small crate, 3 kg, best before winter.",
                    picture: "apple", price: 650), count: 50),
            Offer(
                Product(
                    id: "bread-knife", name: "Bread knife", summary: "Beech handle, 24 cm, stays sharp.",
                    picture: "knife",
                    price: 3_450), count: 12),
            Offer(
                Product(
                    id: "olive-oil", name: "Olive oil", summary: "First pressing, one litre, in a tin.", picture: "oil",
                    price: 1_650), count: 18),
            Offer(
                Product(
                    id: "harvest-ticket", name: "Harvest supper",
                    summary: "A seat at the long table. One per customer.",
                    picture: "ticket", price: 4_500, limit: 1), count: 10),
        ]
    }
}
