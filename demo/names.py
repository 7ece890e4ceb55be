"""Names as they come through a salon's door in a big city: many tongues, accents, long ones.

The third of each special one says whether the barber sees them, which makes the book believable.
"""

SPECIAL: list[tuple[str, str, bool]] = [
    ("Bo", "Ek", True),
    ("Siobhán", "Ní Dhomhnaill", False),
    ("José María", "Fernández de la Vega", True),
    ("Nguyễn", "Thị Minh Khai", False),
    ("Bartholomew", "Featherstonehaugh-Cholmondeley", True),
    ("Maximiliane Alexandra", "von Hohenstein-Wittgenstein", False),
    ("Łukasz", "Wiśniewski", True),
    ("Þórunn", "Guðmundsdóttir", False),
    ("Chukwuemeka", "Okonkwo-Adeyemi", True),
    ("Zoë", "Brontë-Whitfield", False),
    ("Aoife", "O’Sullivan", False),
    ("D’Angelo", "Washington", True),
    ("Madonna", "", False),
    ("Venkatanarasimharajuvaripeta", "Subramaniam", True),
    ("Kealiʻi", "Kamakawiwoʻole", True),
    ("Jean-Baptiste", "L’Écuyer", True),
]


def _words(text: str) -> list[str]:
    return text.split()


WOMEN = _words(
    """
    Amara Ana Anaïs Andrea Aniyah Anouk Aria Asha Astrid Aurélie Bea Bianca Brigitte Camila
    Carmen Cecilia Chiara Chloé Chloe Daniela Danielle Deepika Delphine Diana Eleni Elif
    Elizabeth Emeka Emily Esther Fatima Fiona Francesca Freya Gabriela Giulia Grace Hadiya
    Hannah Helena Hye-jin Imani Ingrid Irina Isabel Jada Jasmine Jessica Joanna Josefina
    Julia Kaori Katarzyna Kateryna Keisha Kiara Lakshmi Latoya Laura Leila Lena Leticia Lily
    Lucía Mabel Magdalena Mairead Marisol Marta Mei Meredith Mireille Monique Nadia Naomi
    Natasha Nia Nicole Nisha Noémie Olena Paloma Paola Patricia Penelope Rachel Rania Renée
    Rosa Ruth Sabine Samira Sara Sasha Shanice Simone Sofía Sophie Soraya Stella Sunita
    Svetlana Tamika Tara Teresa Thandiwe Valentina Vera Victoria Wren Xiomara Yara Yasmin
    Yuki Zainab Zuzana
    """
)

MEN = _words(
    """
    Aaron Adrian Ahmed Alejandro Andre André Antoine Arjun Benjamin Caleb Carlos César Chidi
    Connor Daniel Darius David Diego Dmitri Eitan Elijah Emmanuel Ethan Felix François
    George Hassan Hiro Ian Isaac Jamal James Javier Jin-woo João Jonas Joshua Kofi Kwame
    Leon Liam Lorenzo Malik Marco Mateo Matteo Miguel Mohammed Nathan Nikolai Noah Omar
    Oscar Patrick Rafael Ravi Samuel Sanjay Sean Sergio Tariq Tomás Tyrone Victor William
    Xavier Youssef Zachary
    """
)

LAST = _words(
    """
    Abernathy Acosta Adebayo Ahmadi Almeida Álvarez Andersson Aoki Baker Banerjee Barros
    Bauer Beaumont Bélanger Bennett Bergström Bianchi Boateng Brennan Brooks Cabrera
    Calloway Campbell Carvalho Castro Chaudhry Chen Cho Choudhury Cohen Coleman Costa Cruz
    D’Amico Dąbrowski Delacroix Desai Diallo Díaz Dubois Edwards Eriksen Espinoza Falk
    Farouk Feldman Fitzgerald Fontaine Foster Fujimoto García Gallagher Goldberg Gómez
    Gonçalves Grant Greene Gupta Haddad Hakimi Hansen Harrington Hashimoto Henderson
    Hernández Hoang Hoffmann Horvat Huang Hughes Ibrahim Iyer Jablonski Jackson Janssen
    Jensen Jiménez Johansson Jones Kamara Kaplan Kaur Kelly Khalil Khan Kim Klein Kovács
    Kowalczyk Laurent Lee Leung Levy Lindgren Lopes López MacLeod Mahmoud Mancini Marino
    Martínez Matsuda Mbeki McCarthy Mehta Mendoza Mitchell Mohamud Molina Morales Müller
    Murphy Nakamura Navarro Ndiaye Nguyen Novak Nowak O’Brien O’Connor Obi Oduya Olsen Ortiz
    Osei Park Patel Pereira Pérez Petrov Popescu Quinn Rahman Ramírez Reddy Reyes Ribeiro
    Richardson Rivera Robinson Rodríguez Romano Rosen Rossi Roy Russo Sánchez Santos Sato
    Schneider Schwartz Sharma Silva Singh Škvorecký Smith Sokolov Solís Sørensen Stewart
    Suárez Suzuki Sylvain Takahashi Tan Thompson Torres Tran Turner Ueda Ulrich Usman Vargas
    Vasquez Vega Villanueva Volkov Walker Wallace Wang Watanabe Williams Wong Wright Wu
    Yamamoto Yang Yilmaz Young Zamora Zhang Zhou Ziegler
    """
)

NOTES = [
    "Likes the chair by the window.",
    "Sensitive scalp: no ammonia.",
    "Oat milk. Always runs ten minutes late.",
    "Allergic to latex: use nitrile gloves.",
    "Prefers a quiet appointment.",
    "Grows out the bangs until spring.",
    "Text, never call.",
    "Brings her own conditioner.",
    "Pays for her daughter, too.",
    "Patch test done in August.",
]
