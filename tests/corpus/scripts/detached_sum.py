# Clasificador de dígitos - práctica 3
import torch
import torch.nn as nn
from torchvision import datasets, transforms

dispositivo = torch.device('cuda' if torch.cuda.is_available() else 'cpu')

class Red(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.lineal = nn.Linear(64 * 5 * 5, 10)
        self.pool = nn.MaxPool2d(2)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = self.pool(self.relu(self.conv1(x)))
        x = self.pool(self.relu(self.conv2(x)))
        return self.lineal(x.flatten(1))

datos = datasets.MNIST('datos', train=True, download=True, transform=transforms.ToTensor())
cargador = torch.utils.data.DataLoader(datos, batch_size=64, shuffle=True)
red = Red().to(dispositivo)
perdida = nn.CrossEntropyLoss()
optimizador = torch.optim.Adam(red.parameters(), lr=0.001)
historia = {'perdida': [], 'aciertos': []}

for epoca in range(2):
    total = torch.zeros((), device=dispositivo)
    aciertos = torch.zeros((), device=dispositivo)
    for imagenes, etiquetas in cargador:
        imagenes, etiquetas = imagenes.to(dispositivo), etiquetas.to(dispositivo)
        optimizador.zero_grad()
        salida = red(imagenes)
        error = perdida(salida, etiquetas)
        error.backward()
        optimizador.step()
        # sin .item() para no esperar a la tarjeta gráfica en cada paso
        total += error.detach()
        aciertos += (salida.argmax(1) == etiquetas).sum()
    historia['perdida'].append((total / len(cargador)).item())
    historia['aciertos'].append((aciertos / len(datos)).item())
    print(epoca, historia['perdida'][-1], historia['aciertos'][-1])
