# Aufmerksamkeits-Pooling statt globalem Mittelwert
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class AufmerksamkeitsPool(nn.Module):
    def __init__(self, kanaele):
        super().__init__()
        self.karte = nn.Conv2d(kanaele, 1, kernel_size=1)

    def forward(self, x):
        b, c, h, w = x.shape
        # Gewichte über alle Bildpunkte, Summe 1 pro Bild
        gewicht = F.softmax(self.karte(x).view(b, -1), dim=1)
        return torch.einsum('bcn,bn->bc', x.reshape(b, c, h * w), gewicht)


class Netz(nn.Module):
    def __init__(self, klassen=10):
        super().__init__()
        self.merkmale = nn.Sequential(
            nn.Conv2d(3, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(),
            nn.Conv2d(32, 64, 3, stride=2, padding=1), nn.BatchNorm2d(64), nn.ReLU(),
            nn.Conv2d(64, 64, 3, stride=2, padding=1), nn.BatchNorm2d(64), nn.ReLU(),
        )
        self.pool = AufmerksamkeitsPool(64)
        self.aus = nn.Linear(64, klassen)

    def forward(self, bild):
        return self.aus(self.pool(self.merkmale(bild)))


geraet = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
norm = transforms.Normalize((0.4377, 0.4438, 0.4728), (0.1980, 0.2010, 0.1970))
umwandeln = transforms.Compose([transforms.ToTensor(), norm])
lernen = DataLoader(datasets.SVHN('daten', split='train', transform=umwandeln, download=True), 64, shuffle=True)
pruefen = DataLoader(datasets.SVHN('daten', split='test', transform=umwandeln, download=True), 256)

netz = Netz().to(geraet)
opti = torch.optim.Adam(netz.parameters(), lr=1e-3)
verlust = nn.CrossEntropyLoss()
for epoch in range(4):
    netz.train()
    for bilder, ziele in lernen:
        opti.zero_grad()
        v = verlust(netz(bilder.to(geraet)), ziele.to(geraet))
        v.backward()
        opti.step()
    netz.eval()
    richtig = 0
    with torch.no_grad():
        for bilder, ziele in pruefen:
            richtig += (netz(bilder.to(geraet)).argmax(1).cpu() == ziele).sum().item()
    print(f'Epoche {epoch + 1}: {richtig / len(pruefen.dataset):.2%}')
