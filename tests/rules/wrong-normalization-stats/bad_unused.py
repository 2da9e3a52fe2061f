from torchvision import transforms, datasets
import torch
tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize(mean=[125.3, 123.0, 113.9], std=[63.0, 62.1, 66.7])])
loader = torch.utils.data.DataLoader(datasets.CIFAR100('x', transform=tf, download=True), batch_size=128, shuffle=True)
