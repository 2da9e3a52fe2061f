import torch
import torch.nn as nn
from torchvision import transforms


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        )
        self.drop = nn.Dropout(0.25)
        self.fc = nn.Linear(32 * 7 * 7, 10)

    def forward(self, x):
        return self.fc(self.drop(self.features(x).flatten(1)))

net = Net()
net.load_state_dict(torch.load("net.pt", weights_only=True))
net.eval()

from PIL import Image

tf = transforms.Compose([transforms.Grayscale(), transforms.Resize((28, 28)), transforms.ToTensor()])
image = tf(Image.open("digit.png")).unsqueeze(0)

with torch.no_grad():
    output = net(image)
confidence, label = torch.max(output, 1)
print(f"{label.item()} with confidence {confidence.item():.2f}")
